package io.github.robotstream.client;

import io.github.robotstream.Payload;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one subscription that have come and were not taken yet, in one order, at most as many as the options say and 4 Mi
 * characters. Its policies are those of the broker's own queue ({@code docs/protocol.md}, Options). Where of a topic the newest alone
 * waits, a newer message takes the place of the one before, unless a message of that topic that has to be kept stands behind it. A full
 * queue loses the oldest message that another of its topic has followed, or else the oldest. What it loses is added to {@code dropped} of
 * the next message, with what the lost ones had to tell. Not for several threads.
 */
final class MessageBuffer {
    static final int MESSAGES = 1024;
    private static final long LENGTH = 4L << 20;
    private static final long STALE_MICROS = 2_000_000;

    private final SubscribeOptions options;
    private final int limit;
    private final ArrayDeque<Place> queue = new ArrayDeque<>();
    /** By topic: the place of its newest message. */
    private final Map<String, Place> newest = new HashMap<>();

    private long length;
    private long dropped;
    private long skipped;
    private boolean gap;

    /** Where a message stands in the queue. */
    private static final class Place {
        RobotMessage<Payload> message;

        Place(RobotMessage<Payload> message) {
            this.message = message;
        }
    }

    MessageBuffer(SubscribeOptions options) {
        this.options = options;
        this.limit = options.queue().orElse(MESSAGES);
    }

    int size() {
        return queue.size();
    }

    /** Takes a message in; false if there is no room and none may be lost. */
    boolean offer(RobotMessage<Payload> message) {
        Place place = newest.get(message.topic());
        if (place != null && isNewestAlone(place.message) && isNewestAlone(message)) {
            length -= place.message.value().length();
            lose(place.message, options.is(SubscribeOptions.Policy.LATEST));
            place.message = message;
        } else if (isFull(message) && options.is(SubscribeOptions.Policy.RELIABLE)) {
            return false;
        } else if (isFull(message) && options.keepsOldest()) {
            lose(message, false);
            return true;
        } else {
            place = new Place(message);
            queue.add(place);
            newest.put(message.topic(), place);
        }
        length += message.value().length();
        while (size() > 1 && (size() > limit || length > LENGTH)) {
            lose(remove(leastWanted()), false);
        }
        return true;
    }

    /** Whether of such messages of a topic the newest alone waits. */
    private boolean isNewestAlone(RobotMessage<Payload> message) {
        return options.is(SubscribeOptions.Policy.LATEST)
                || (options.policy().isEmpty() && message.value().bytes().isPresent());
    }

    /** The next message, or null if none waits. */
    @Nullable
    RobotMessage<Payload> take() {
        while (size() > 0) {
            RobotMessage<Payload> message = remove(queue.getFirst());
            if (message.retained() || !isOld(message)) {
                RobotMessage<Payload> told =
                        message.with(message.dropped() + dropped, message.skipped() + skipped, message.gap() || gap);
                dropped = 0;
                skipped = 0;
                gap = false;
                return told;
            }
            lose(message, false);
        }
        return null;
    }

    private boolean isOld(RobotMessage<Payload> message) {
        long age = message.clock().mono() - message.mono();
        if (options.maxAge().isPresent()) {
            return age > options.maxAge().get().toNanos() / 1000;
        }
        boolean followed = options.policy().isEmpty() && newest.containsKey(message.topic());
        return followed && age > STALE_MICROS && isThinned(message);
    }

    /** Commands, entries of the log and what the broker tells of itself are left alone, as its own queue leaves them. */
    private static boolean isThinned(RobotMessage<?> message) {
        return !message.command()
                && !message.topic().equals("server_logs")
                && !message.topic().startsWith("$");
    }

    private boolean isFull(RobotMessage<Payload> message) {
        return size() > 0 && (size() >= limit || length + message.value().length() > LENGTH);
    }

    private Place leastWanted() {
        return queue.stream()
                .filter(place -> newest.get(place.message.topic()) != place)
                .findFirst()
                .orElseGet(queue::getFirst);
    }

    private RobotMessage<Payload> remove(Place place) {
        RobotMessage<Payload> message = place.message;
        queue.remove(place);
        newest.remove(message.topic(), place);
        length -= message.value().length();
        return message;
    }

    private void lose(RobotMessage<Payload> message, boolean askedFor) {
        dropped += message.dropped() + (askedFor ? 0 : 1);
        skipped += message.skipped() + (askedFor ? 1 : 0);
        gap |= message.gap();
    }
}
