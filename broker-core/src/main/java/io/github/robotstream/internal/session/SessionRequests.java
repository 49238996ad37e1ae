package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Limits;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request.Hello;
import io.github.robotstream.internal.protocol.HelloAck;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.SubscriptionEnd;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.time.TokenBucket;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Does what a client asks about its session itself. Broker thread. */
final class SessionRequests {
    private static final int TOKENS_A_SECOND = 1;
    private static final int TOKENS_AT_ONCE = 5;

    private final Session session;
    private final ErrorReplies errors;
    private final PendingCheck pendingCheck;
    private final Pace pace;
    private final SessionContext context;
    private final BrokerClock clock;
    private final TokenBucket tokens;

    SessionRequests(
            Session session, ErrorReplies errors, PendingCheck pendingCheck, Pace pace, SessionContext context) {
        this.session = session;
        this.errors = errors;
        this.pendingCheck = pendingCheck;
        this.pace = pace;
        this.context = context;
        this.clock = context.clock();
        this.tokens = new TokenBucket(TOKENS_A_SECOND, TOKENS_AT_ONCE, clock.nanoTime());
    }

    /** Tells what the client is talking to; from now on it is told when its token is about to end. */
    void hello(Hello request) {
        request.id().ifPresent(id -> session.reply(helloAck().toFrame(id)));
        session.authorization().announceEnd();
    }

    private HelloAck helloAck() {
        Limits limits = context.limits();
        RequestRate rate = pace.rate();
        Identity broker = context.identity();
        return new HelloAck(
                broker.name(),
                session.id(),
                session.principal().name(),
                broker.epoch(),
                clock.now(),
                Duration.ofNanos(clock.nanoTime() - broker.startedNanos()),
                session.authorization().left(),
                new HelloAck.Bounds(
                        limits.messageBytes(),
                        DeliveryQueue.MAX_FRAME_BYTES,
                        rate.requestsPerSecond(),
                        rate.burst(),
                        rate.bytesPerSecond(),
                        limits.subscriptionsPerSession(),
                        limits.newTopicsPerSession()));
    }

    /** Has a newer token judged; the session's next requests wait for the verdict. */
    void auth(Auth request) {
        long wait = tokens.tryTake(clock.nanoTime());
        if (wait > 0) {
            String most = TOKENS_AT_ONCE + " tokens at once, and then one a second, are the most";
            errors.send(RequestError.answering(request, ErrorCode.RATE_LIMITED, most)
                    .withRetryAfter(Duration.ofNanos(wait)));
        } else {
            pendingCheck.begin(request, session.principal(), session.tokenJudge());
        }
    }

    /** The session goes on with what the newer token says. */
    Unfinished renewed(Incoming.Renewed verdict) {
        ClientPrincipal principal = verdict.principal();
        session.authorization().renew(principal);
        pace.change(principal.requestRate().orElse(context.limits().requestRate()));
        session.log(session.entry(LogEntry.Level.INFO, "token_renewed", session.id() + " has a newer token"));
        return new UncoveredEnd(verdict);
    }

    /** Ends the subscriptions that the newer token does not cover, and then tells that it was taken. */
    private final class UncoveredEnd implements Unfinished {
        private final Incoming.Renewed verdict;
        private final Iterator<RemoteSubscriber> uncovered;
        private @Nullable RemoteSubscriber ending;
        private @Nullable SubscriptionEnd end;
        private int ended;

        UncoveredEnd(Incoming.Renewed verdict) {
            this.verdict = verdict;
            Permissions permissions = verdict.principal().permissions();
            this.uncovered = session.subscriptions().values().stream()
                    .filter(subscriber -> !permissions.maySubscribe(subscriber.filter()))
                    .toList()
                    .iterator();
        }

        @Override
        public boolean goOn() {
            while (end != null || uncovered.hasNext()) {
                if (!endOne()) {
                    return false;
                }
            }
            verdict.id()
                    .ifPresent(id -> session.reply(
                            FrameEncoder.authAck(id, session.authorization().left(), ended)));
            session.authorization().announceEnd();
            return true;
        }

        private boolean endOne() {
            RemoteSubscriber subscriber = ending == null ? uncovered.next() : ending;
            SubscriptionEnd present = end == null ? begin(subscriber) : end;
            boolean done = present.goOn(session.queue().work());
            ending = done ? null : subscriber;
            end = done ? null : present;
            if (done) {
                ended++;
                told(subscriber, present.lost());
            }
            return done;
        }
    }

    private SubscriptionEnd begin(RemoteSubscriber subscriber) {
        session.subscriptions().remove(subscriber.filter().toString());
        session.tellLosses(subscriber);
        return context.router().end(subscriber);
    }

    private void told(RemoteSubscriber subscriber, int lost) {
        String topic = subscriber.filter().toString();
        session.tellTaken(subscriber, lost);
        session.reply(FrameEncoder.unsubscribed(topic));
        String message = session.id() + " unsubscribed from " + topic + ", which its newer token does not allow";
        session.log(session.entry(LogEntry.Level.INFO, "unsubscribed", message).topic(topic));
    }

    /** The session stays as it was. */
    void notRenewed(Incoming.NotRenewed verdict) {
        RequestError error = verdict.error();
        String why = error.code().word() + ": " + error.message();
        LogEntry.Builder entry = session.entry(
                LogEntry.Level.WARN, "token_refused", session.id() + " sent a token that is not taken: " + why);
        verdict.detail().ifPresent(entry::detail);
        session.log(entry);
        errors.send(error);
    }
}
