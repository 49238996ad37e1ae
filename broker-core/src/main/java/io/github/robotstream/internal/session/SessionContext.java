package io.github.robotstream.internal.session;

import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.routing.BoundedQueue;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.QueueBudget;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.worker.Budget;
import io.github.robotstream.internal.worker.ByteBudget;

/** What all sessions share. */
public final class SessionContext {
    final RoutingContext routing;
    final Identity identity;
    final DenyList denied;
    final Settings settings;
    final CodecThreads codecThreads;
    final SessionEvents events;
    final DeliveryQueue.Context queues;
    final TopicDirectory topicDirectory;
    /** For what a session's client publishes in one turn; empty between turns. */
    final MessageRun publishRun;

    /** Bytes of requests that wait for the broker thread: as many as of messages that are half received, which they were before. */
    final ByteBudget requestBudget;

    /** Calls of services that go on. */
    final Budget callBudget = new Budget(Calls.MOST_IN_ALL, Calls.MOST_IN_ALL);

    /** For sessions of one broker. */
    public SessionContext(
            RoutingContext routing,
            Identity identity,
            DenyList denied,
            Settings settings,
            CodecThreads codecThreads,
            SessionEvents events) {
        this.routing = routing;
        this.identity = identity;
        this.denied = denied;
        this.settings = settings;
        this.codecThreads = codecThreads;
        this.events = events;
        this.topicDirectory = new TopicDirectory(routing);
        this.publishRun = new MessageRun(settings.queuedMessagesPerSession, settings.queuedBytesPerSession);
        this.queues = new DeliveryQueue.Context(
                new BoundedQueue.Bounds(settings.queuedMessagesPerSession, settings.queuedBytesPerSession),
                new QueueBudget(settings.queuedBytes),
                routing.router().counters(),
                routing.clock(),
                identity.startedNanos(),
                settings.thinAfter.toNanos());
        this.requestBudget = new ByteBudget(Math.max(settings.halfReceivedBytes, 2L * settings.messageBytes));
    }

    /** {@return the topics by their numbers, for dialects that have numbers for topics} */
    public TopicDirectory topicDirectory() {
        return topicDirectory;
    }
}
