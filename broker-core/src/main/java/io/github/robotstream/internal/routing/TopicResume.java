package io.github.robotstream.internal.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is still to be sent of a topic after the position where its client stopped: older messages from the store, then those in
 * memory. Messages that are published meanwhile are noted by their numbers alone and come from there in their turn, so that each comes once
 * and in order, and nothing is copied. What memory has lost by then, and no store has, is lost and told. Broker thread.
 */
final class TopicResume {
    /** What one read of the store brings. */
    private static final int PAGE_MESSAGES = 100;
    /** A client that does not read, while others publish on the topic what it is not to have, makes many. */
    private static final int MOST_RANGES = 64;

    private final RemoteSubscriber subscriber;
    private final DeliveryQueue queue;
    private final TopicTable topics;
    private final History store;
    private final TopicState topic;
    private String epoch;
    private long sent;
    /** What has a higher number is live. */
    private long upTo;

    private final SequenceRanges offered = new SequenceRanges();
    private final ArrayDeque<RoutedMessage> page = new ArrayDeque<>();
    /** The read of the store that counts. */
    private @Nullable Object asked;

    private boolean ended;

    /** {@code after} is the number after which messages are to be sent, of the topic's present epoch. */
    TopicResume(RemoteSubscriber subscriber, TopicTable topics, History store, TopicState topic, long after) {
        this.subscriber = subscriber;
        this.queue = subscriber.queue();
        this.topics = topics;
        this.store = store;
        this.topic = topic;
        this.epoch = topic.epoch;
        this.sent = after;
        this.upTo = topic.sequence;
        topics.acquireHistory(topic);
    }

    boolean hasEnded() {
        return ended;
    }

    /** Notes a live message, which comes in its turn. */
    void note(RoutedMessage live) {
        if (!epoch.equals(live.epoch())) {
            beginAgain(live.epoch());
        }
        if (offered.ranges() == MOST_RANGES) {
            queue.loseOffered(subscriber, topic, offered.removeFirst());
        }
        offered.add(live.sequence());
    }

    /** The topic was cleared: its numbers begin anew, and what waited is gone. */
    private void beginAgain(String newEpoch) {
        queue.loseOffered(subscriber, topic, offered.removeBelow(Long.MAX_VALUE));
        forgetStored();
        asked = null;
        epoch = newEpoch;
        sent = 0;
        upTo = 0;
    }

    /** Has messages sent as far as the queue has room. */
    Progress goOn() {
        while (!ended) {
            if (!queue.hasRoomToReplay(subscriber)) {
                return Progress.MORE;
            }
            RoutedMessage next = next();
            if (next != null) {
                send(next);
            } else if (asked != null || wantsToAsk()) {
                return Progress.WAITS;
            } else {
                end();
            }
        }
        return Progress.DONE;
    }

    private @Nullable RoutedMessage next() {
        if (!epoch.equals(topic.epoch)) {
            beginAgain(topic.epoch);
        }
        RoutedMessage stored = takeStored();
        TopicHistory memory = topic.history;
        if (stored != null || memory == null || asked != null) {
            return stored;
        }
        if (sent >= memory.floor()) {
            return memory.after(sent);
        }
        if (!store.isReadable()) {
            passOverLost(memory.floor());
            return memory.after(sent);
        }
        ask();
        return null;
    }

    private @Nullable RoutedMessage takeStored() {
        RoutedMessage next = page.poll();
        if (next != null) {
            queue.holds(-next.envelope().size());
        }
        return next;
    }

    private void forgetStored() {
        while (takeStored() != null) {}
    }

    private boolean wantsToAsk() {
        TopicHistory memory = topic.history;
        return memory != null && sent < memory.floor();
    }

    private void ask() {
        if (queue.readsStore) {
            return; // one read for a session; then it is this one's turn
        }
        Object question = new Object();
        asked = question;
        queue.readsStore = true;
        store.read(topic, sent, StoredReads.messages(topic, PAGE_MESSAGES), answer -> {
            queue.readsStore = false;
            if (asked == question) {
                asked = null;
                take(answer);
            }
            queue.replayMore(topics);
        });
    }

    private void take(StoredPage answer) {
        TopicHistory memory = topic.history;
        if (memory == null) {
            return;
        }
        for (RoutedMessage message : answer.messages()) {
            boolean isMissing = message.sequence() > sent && message.sequence() <= memory.floor();
            if (isMissing && message.epoch().equals(epoch)) {
                page.add(message);
                queue.holds(message.envelope().size());
            }
        }
        if (page.isEmpty()) {
            passOverLost(memory.floor());
        }
    }

    private void send(RoutedMessage message) {
        long sequence = message.sequence();
        passOver(sequence, false);
        if (sequence <= upTo) {
            queue.offerRetained(subscriber, message);
        } else if (offered.contains(sequence)) {
            offered.removeBelow(sequence + 1);
            subscriber.offerResumed(message);
        } // else it went to another subscription, or is its client's own, who wants no echo
        sent = sequence;
    }

    /** What came up to this number is nowhere any more. */
    private void passOverLost(long through) {
        passOver(through + 1, true);
        sent = through;
    }

    /** Counts what is missing before a number: a gap, where messages were lost before they could be kept, or what was kept and is lost. */
    private void passOver(long next, boolean wasKept) {
        long missing = Math.max(0, Math.min(next - 1, upTo) - sent);
        if (wasKept) {
            queue.loseReplayed(subscriber, topic, missing);
        } else {
            subscriber.missed(missing);
        }
        queue.loseOffered(subscriber, topic, offered.removeBelow(next));
    }

    /** Sends nothing more; returns how many live messages waited. */
    long end() {
        if (!ended) {
            ended = true;
            asked = null;
            forgetStored();
            topics.releaseHistory(topic);
        }
        return offered.removeBelow(Long.MAX_VALUE);
    }

    /** The same, and gives the live messages that waited and are in memory; the others are lost. */
    List<RoutedMessage> endAndGive() {
        List<RoutedMessage> waited = new ArrayList<>();
        TopicHistory memory = topic.history;
        if (!ended && memory != null && epoch.equals(topic.epoch)) {
            RoutedMessage next = memory.after(Math.max(sent, upTo));
            while (next != null) {
                queue.loseOffered(subscriber, topic, offered.removeBelow(next.sequence()));
                if (offered.contains(next.sequence())) {
                    waited.add(next);
                    offered.removeBelow(next.sequence() + 1);
                }
                next = memory.after(next.sequence());
            }
        }
        queue.loseOffered(subscriber, topic, end());
        return waited;
    }
}
