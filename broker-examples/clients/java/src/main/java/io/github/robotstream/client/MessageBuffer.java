package io.github.robotstream.client;

import io.github.robotstream.Payload;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one subscription that have come and were not taken yet, at most as many as the options say and 4 Mi characters.
 * Its policies are those of the broker's own queue ({@code docs/protocol.md}, Options). What it loses is added to {@code dropped}
 * of the next message, with what the lost ones had to tell. Not for several threads.
 */
final class MessageBuffer {
    static final int MESSAGES = 1024;
    private static final long LENGTH = 4L << 20;
    private static final long STALE_MICROS = 2_000_000;

    private final SubscribeOptions options;
    private final int limit;
    private final ArrayDeque<RobotMessage<Payload>> queue = new ArrayDeque<>();
    private final LinkedHashMap<String, RobotMessage<Payload>> newest = new LinkedHashMap<>();
    private final Map<String, Integer> waiting = new HashMap<>();
    private long length;
    private long dropped;
    private long skipped;
    private boolean gap;

    MessageBuffer(SubscribeOptions options) {
        this.options = options;
        this.limit = options.queue().orElse(MESSAGES);
    }

    int size() {
        return queue.size() + newest.size();
    }

    /** Takes a message in; false if there is no room and none may be lost. */
    boolean offer(RobotMessage<Payload> message) {
        boolean latest = options.is(SubscribeOptions.Policy.LATEST);
        if (latest || (options.policy().isEmpty() && message.value().bytes().isPresent())) {
            // A newer one takes the place of the former, so that a busy topic keeps no other waiting.
            RobotMessage<Payload> former = newest.put(message.topic(), message);
            if (former != null) {
                length -= former.value().length();
                lose(former, latest);
            }
        } else if (isFull(message) && options.is(SubscribeOptions.Policy.RELIABLE)) {
            return false;
        } else if (isFull(message) && options.keepsOldest()) {
            lose(message, false);
            return true;
        } else {
            queue.add(message);
            waiting.merge(message.topic(), 1, Integer::sum);
        }
        length += message.value().length();
        while (size() > 1 && (size() > limit || length > LENGTH)) {
            lose(remove(), false);
        }
        return true;
    }

    /** The next message, or null if none waits. */
    @Nullable
    RobotMessage<Payload> take() {
        while (size() > 0) {
            RobotMessage<Payload> message = remove();
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
        boolean followed = options.policy().isEmpty() && waiting.containsKey(message.topic());
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

    private RobotMessage<Payload> remove() {
        RobotMessage<Payload> message;
        if (queue.isEmpty()) {
            Iterator<RobotMessage<Payload>> first = newest.values().iterator();
            message = first.next();
            first.remove();
        } else {
            message = queue.remove();
            waiting.computeIfPresent(message.topic(), (topic, number) -> number > 1 ? number - 1 : null);
        }
        length -= message.value().length();
        return message;
    }

    private void lose(RobotMessage<Payload> message, boolean askedFor) {
        dropped += message.dropped() + (askedFor ? 0 : 1);
        skipped += message.skipped() + (askedFor ? 1 : 0);
        gap |= message.gap();
    }
}
