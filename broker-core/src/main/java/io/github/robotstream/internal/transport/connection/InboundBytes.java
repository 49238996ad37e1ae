package io.github.robotstream.internal.transport.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Brings what a client sends to a decoder, in order and by one thread at a time: on the thread that has read it if it can flow, and
 * otherwise, when it can flow again, on the thread for tasks. It flows from {@link #open()} on, but while paused.
 *
 * <p>Bytes that cannot flow are held: at most {@value #MAX_HELD_BYTES} and what was read before the reading stopped. The thread that decodes
 * owns the lane ({@code busy}) and does what came up meanwhile, so no lock is held around a callback and the last step comes once, after
 * everything.
 */
public final class InboundBytes {
    private static final int MAX_HELD_BYTES = 16 * 1024;
    private static final int BYTES_PER_PIECE = 64; // beside its content, so that tiny pieces are bounded as well
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Piece NO_PIECE = new Piece(NOTHING, 0);
    /** Of all that have never held a piece, as most never do; nothing is put in. */
    private static final ArrayDeque<Piece> NONE_HELD = new ArrayDeque<>(0);

    /** The steps, each made by the owner of the lane. */
    public interface Steps {
        /**
         * Decodes some of the bytes.
         *
         * @return false once it has taken all of them
         */
        boolean decode(ByteBuffer in) throws IOException;

        /** The client's stream has ended, and everything before it was delivered. */
        void onStreamEnd();

        /** Whether the socket is to be read. */
        void onReading(boolean on);

        /** TLS records without data came, which count as so many bytes. */
        default void onNoData(int cost) {}

        /** {@link #decode} threw. */
        void onFault(Throwable fault);

        /** A step, or what is to be held, failed: nothing more is delivered, and the socket is to be closed. */
        void onBroken(Throwable fault);

        /** Nothing comes after this. Not to throw. */
        void onFinished();
    }

    private final Steps steps;
    private final Tasks tasks;
    private final Tasks.Step work;

    private ArrayDeque<Piece> held = NONE_HELD;
    private int heldBytes;
    private boolean busy;
    private boolean streamEnded;
    private boolean asked; // to decode even where no bytes are held
    private volatile boolean open;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile boolean discarding;
    private volatile boolean finished;
    private boolean resting;
    private int noData; // what records without data count as for which the step is still due

    // By the owner: whether the piece that is decoded was held, and since when.
    private boolean wasHeld;
    private long readNanos;

    /** Bytes that were held, and when they were read. */
    private record Piece(ByteBuffer bytes, long readNanos) {}

    /** Nothing has come; nothing flows. */
    public InboundBytes(Steps steps, Tasks tasks) {
        this.steps = steps;
        this.tasks = tasks;
        this.work = tasks.step(() -> work(NOTHING));
    }

    /** Bytes from the socket, in order, one call at a time. The buffer is the caller's again when this returns. */
    public void received(ByteBuffer in) {
        synchronized (this) {
            if (finished || discarding) {
                return;
            }
            if (!own()) {
                heldBytes += cost(in);
                ownHeld().add(new Piece(copy(in), tasks.nanoTime()));
                adjustReading();
                return;
            }
        }
        work(in);
    }

    /** {@return how long the bytes that are being decoded were held since they were read} For the decoder's handler, in its call. */
    long heldNanos() {
        return wasHeld ? tasks.nanoTime() - readNanos : 0;
    }

    /** A TLS record without data, in order with {@link #received}; several that have to wait make one step. */
    void receivedNoData(int cost) {
        synchronized (this) {
            if (finished || discarding) {
                return;
            }
            noData += cost;
            if (!own()) {
                return;
            }
        }
        work(NOTHING);
    }

    /**
     * The stream has ended, after all that was {@link #received}.
     *
     * @return false if nothing has flowed yet: then the caller ends it
     */
    public boolean streamEnded() {
        synchronized (this) {
            if (!open && !busy) {
                return false;
            }
            streamEnded = true;
            if (!own()) {
                return true;
            }
        }
        work(NOTHING);
        return true;
    }

    /** Reserves the lane for {@link #open()}. False if it is finished. */
    public boolean claim() {
        synchronized (this) {
            if (finished || busy) {
                return false;
            }
            busy = true;
            return true;
        }
    }

    /** Begins to deliver, after {@link #claim()}: first what was held. */
    public void open() {
        open = true;
        work.ask();
    }

    public void pause() {
        synchronized (this) {
            paused = true;
            adjustReading();
        }
    }

    void resume() {
        synchronized (this) {
            paused = false;
            workIfDue();
        }
    }

    /** As {@link #resume()}, and the decoder goes on even if no bytes are held. */
    public void goOn() {
        synchronized (this) {
            asked = true;
            paused = false;
            workIfDue();
        }
    }

    /** From now on it flows, paused or not, until the client has answered. */
    void closing() {
        synchronized (this) {
            closing = true;
            workIfDue();
        }
    }

    /** From now on the socket is read and all of it is dropped. */
    void discardInput() {
        synchronized (this) {
            discarding = true;
            held.clear();
            heldBytes = 0;
            adjustReading();
        }
    }

    /** Whether nothing is read for a while, whatever else would have it read. */
    void rest(boolean on) {
        synchronized (this) {
            resting = on;
            adjustReading();
        }
    }

    /** The socket is closed: what is held is dropped, and the last step follows. Idempotent. */
    public void finish() {
        synchronized (this) {
            if (finished) {
                return;
            }
            finished = true;
            if (busy) {
                return;
            }
            busy = true;
        }
        work.ask();
    }

    private void workIfDue() {
        if (finished || busy || !flows()) {
            return;
        }
        if (held.isEmpty() && !streamEnded && !asked && noData == 0) {
            adjustReading();
            return;
        }
        busy = true;
        work.ask();
    }

    /** Takes the lane, if it flows and no other thread has it. */
    private boolean own() {
        if (busy || !flows()) {
            return false;
        }
        busy = true;
        return true;
    }

    private boolean flows() {
        return open && (!paused || closing);
    }

    /** The owner's work: whatever fails in it, the lane is given up or finished. */
    private void work(ByteBuffer first) {
        try {
            if (!deliver(first)) {
                return;
            }
        } catch (Throwable fault) {
            breakOff(fault);
        }
        steps.onFinished();
    }

    private void breakOff(Throwable fault) {
        synchronized (this) {
            finished = true;
            held.clear();
        }
        try {
            steps.onBroken(fault);
        } catch (Throwable worse) {
            // The last step follows, and looks at the socket as well.
        }
    }

    /**
     * Decodes a piece and what is held behind it, as long as it flows. True when the socket is closed: then the lane stays busy for ever.
     *
     * <p>One method, and no shorter, as {@code OutboundFrames.writeThrough} is: HotSpot would compile all that is done with a message with
     * each of the four methods between the worker thread and this one.
     */
    private boolean deliver(ByteBuffer first) {
        ByteBuffer in = first;
        wasHeld = false;
        while (true) {
            try {
                boolean more = true;
                while (more && flows() && !finished && !discarding) {
                    more = steps.decode(in);
                }
            } catch (Throwable fault) {
                steps.onFault(fault);
            }
            boolean ends;
            int cost;
            synchronized (this) {
                stash(in);
                if (finished) {
                    held.clear();
                    return true;
                }
                ends = flows() && held.isEmpty() && streamEnded;
                cost = flows() ? noData : 0;
                noData -= cost;
                boolean more = flows() && !held.isEmpty();
                boolean again = flows() && asked;
                if (!ends && !more && !again && cost == 0) {
                    busy = false;
                    adjustReading();
                    return false;
                }
                Piece next = more ? held.remove() : NO_PIECE;
                in = next.bytes();
                asked &= !again;
                wasHeld = more;
                readNanos = next.readNanos();
                heldBytes -= more ? cost(in) : 0;
                streamEnded &= !ends;
            }
            if (cost > 0) {
                steps.onNoData(cost);
            }
            if (ends) {
                steps.onStreamEnd();
            }
        }
    }

    /** Keeps, before all that is held, what was left when the flow stopped. */
    private void stash(ByteBuffer in) {
        if (in.hasRemaining() && !discarding) {
            heldBytes += cost(in);
            ownHeld().addFirst(new Piece(wasHeld ? in : copy(in), wasHeld ? readNanos : tasks.nanoTime()));
        }
    }

    private ArrayDeque<Piece> ownHeld() {
        if (held == NONE_HELD) {
            held = new ArrayDeque<>(1);
        }
        return held;
    }

    private static int cost(ByteBuffer piece) {
        return BYTES_PER_PIECE + piece.remaining();
    }

    private static ByteBuffer copy(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    private void adjustReading() {
        boolean on;
        if (discarding) {
            on = true;
        } else if (!open) {
            on = heldBytes < MAX_HELD_BYTES;
        } else {
            on = flows() && held.isEmpty();
        }
        steps.onReading(on && !finished && !resting);
    }
}
