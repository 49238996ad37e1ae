package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.loop.LoopEntrance;
import io.github.robotstream.internal.worker.IntrusiveQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The robot's entrance to the broker thread: messages and commands of robot code in the order of the calls. Producers take no
 * lock and never wait for a message's place: one that finds none goes to its topic's {@link OverflowPlace} and replaces the one
 * that waited there, which is lost. There it keeps its order among the topic's messages and the commands.
 */
public final class RobotLane implements LoopEntrance {
    private static final long COMMAND_WAIT_NANOS = 100_000;

    private final MpscRing<Object> ring;
    private final int maxMessages;
    private final long maxBytes;
    private final MessageRun run;
    private final Consumer<MessageRun> route;
    private final AtomicLong bytes = new AtomicLong();
    /** At least the place after that of the last command. */
    private final AtomicLong afterCommands = new AtomicLong();
    /** Those with something in them: bounded by the number of topics. */
    private final IntrusiveQueue<OverflowPlace> overflowing = new IntrusiveQueue<>();

    private volatile boolean closed;

    /**
     * Holds so many messages of so many bytes, and as many commands beside them.
     *
     * @param run what messages are handed over in
     * @param route what becomes of them; broker thread
     */
    public RobotLane(int maxMessages, long maxBytes, MessageRun run, Consumer<MessageRun> route) {
        this.ring = new MpscRing<>(2 * maxMessages);
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.run = run;
        this.route = route;
    }

    /** Takes a message; any thread. It is never refused, but it may push out an older one of its topic. */
    public void offer(RoutedMessage message) {
        OverflowPlace overflow = message.topic().overflow;
        while (true) {
            OverflowPlace.Waiting waiting = overflow.waiting();
            if (waiting == null && offerInOrder(message)) {
                return;
            }
            if (overflow.replace(waiting, message, ring.tail(), afterCommands.get())) {
                overflowing.offer(overflow);
                return;
            }
        }
    }

    private boolean offerInOrder(RoutedMessage message) {
        int size = message.envelope().size();
        if (ring.size() >= maxMessages) {
            return false;
        }
        boolean taken = false;
        long before = bytes.getAndAdd(size);
        try {
            taken = before + size <= maxBytes
                    && ring.offer(message, message.topic().overflow.afterLast) != MpscRing.FULL;
        } finally {
            // Also if the publisher's stack overflowed: the lane would be that much smaller for ever.
            if (!taken) {
                bytes.addAndGet(-size);
            }
        }
        return taken;
    }

    /**
     * Takes a command; any thread but the broker's. Waits while the lane is full of them, unless it is closed: then it stays
     * undone.
     */
    @Override
    public void offer(Runnable command) {
        while (ring.offer(command, afterCommands) == MpscRing.FULL && !closed) {
            LockSupport.parkNanos(this, COMMAND_WAIT_NANOS);
        }
    }

    /** Nothing is taken out any more. */
    @Override
    public void close() {
        closed = true;
    }

    /** Hands over what stands first, with messages of its topic that follow; returns how many that were. Broker thread. */
    @Override
    public int take() {
        Object next = ring.peek();
        if (next == null) {
            return 0;
        }
        if (next instanceof RoutedMessage message) {
            takeRun(message);
            return handOver();
        }
        if (!takeOneOverflow()) {
            // What had overflowed when the command was given is due by now, and has gone before it.
            ring.remove();
            ((Runnable) next).run();
        }
        return 1;
    }

    /** Hands over overflow messages that are due, looking at no more topics than {@code most}; broker thread. */
    @Override
    public void takeOverflow(int most) {
        for (int looks = Math.min(most, overflowing.gather()); looks > 0; looks--) {
            takeOverflowOfNext();
        }
    }

    private void takeRun(RoutedMessage first) {
        run.begin(first);
        ring.remove();
        while (ring.peek() instanceof RoutedMessage next && run.add(next)) {
            ring.remove();
        }
        bytes.addAndGet(-run.bytes());
    }

    private int handOver() {
        int size = run.size();
        try {
            route.accept(run);
        } finally {
            run.clear();
        }
        return size;
    }

    private boolean takeOneOverflow() {
        for (int looks = overflowing.gather(); looks > 0; looks--) {
            if (takeOverflowOfNext()) {
                return true;
            }
        }
        return false;
    }

    private boolean takeOverflowOfNext() {
        OverflowPlace place = overflowing.poll();
        if (place == null) {
            return false;
        }
        RoutedMessage message = place.take(ring.head());
        if (place.waiting() != null) {
            overflowing.offer(place);
        }
        if (message != null) {
            run.begin(message);
            handOver();
        }
        return message != null;
    }

    /** Whether something is to be taken soon: a command, or messages lest some be lost; any thread. */
    @Override
    public boolean isUrgent() {
        return ring.size() > maxMessages / 2
                || bytes.get() > maxBytes / 2
                || Math.min(afterCommands.get(), ring.tail()) > ring.head();
    }

    /** Whether nothing waits; broker thread. */
    @Override
    public boolean isEmpty() {
        return ring.isEmpty() && overflowing.isEmpty();
    }
}
