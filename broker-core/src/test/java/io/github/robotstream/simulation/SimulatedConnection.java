package io.github.robotstream.simulation;

import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.testing.Outbound;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A connection in memory with the lane of a real one: bounded, urgent messages before the others with as much room again, and a frame that
 * is written in part goes on first. What is in the lane leaves it when the client reads. One thread.
 */
final class SimulatedConnection implements Connection {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    private final Moment moment;
    private final int laneBytes;
    private final Deque<Frame> urgent = new ArrayDeque<>();
    private final Deque<Frame> usual = new ArrayDeque<>();
    private final Deque<String> unread = new ArrayDeque<>();
    private ConnectionListener session;
    private Frame written; // in part
    private int writtenBytes;
    private int bytes;
    private boolean refused;
    private boolean paused;
    private int closeCode;
    private String closeReason = "";
    private boolean ended;

    SimulatedConnection(Moment moment, int laneBytes) {
        this.moment = moment;
        this.laneBytes = laneBytes;
    }

    void begin(ConnectionListener listener) {
        session = listener;
    }

    @Override
    public boolean send(Outgoing messages) {
        if (isClosing()) {
            return false;
        }
        for (OutboundMessage next = messages.peek(); next != null; next = messages.peek()) {
            boolean isUrgent = messages.isUrgent();
            int most = isUrgent ? 2 * laneBytes : laneBytes;
            if (bytes > 0 && bytes + next.length() > most) {
                refused = true;
                return false;
            }
            bytes += next.length();
            String text = Outbound.text(next);
            String readable = next.isBinary() ? text.substring(Integer.BYTES) : text;
            (isUrgent ? urgent : usual).add(new Frame(readable, next.length(), moment.copy()));
            messages.taken();
        }
        return true;
    }

    /** The client reads so many bytes at the most; gives the frames that it has whole by then. */
    List<Frame> read(int most) {
        List<Frame> whole = new ArrayList<>();
        int left = most;
        while (left > 0 && bytes > 0) {
            if (written == null) {
                written = urgent.isEmpty() ? usual.remove() : urgent.remove();
                writtenBytes = 0;
            }
            int more = Math.min(left, written.length() - writtenBytes);
            left -= more;
            bytes -= more;
            writtenBytes += more;
            if (writtenBytes == written.length()) {
                whole.add(written);
                written = null;
            }
        }
        if (bytes == 0 && most > 0) {
            drained();
        }
        return whole;
    }

    private void drained() {
        if (isClosing()) {
            end(closeCode, closeReason, false);
        } else if (refused) {
            refused = false;
            session.onWritable();
        }
    }

    /** The client sends a text. */
    void write(String text) {
        unread.add(text);
        deliver();
    }

    private void deliver() {
        while (!paused && !isClosing() && !ended && !unread.isEmpty()) {
            session.onText(unread.remove().getBytes(StandardCharsets.UTF_8), 0);
        }
    }

    /** The network loses it. */
    void cut() {
        end(1006, "", true);
    }

    private void end(int code, String reason, boolean byPeer) {
        if (!ended) {
            ended = true;
            session.onClosed(code, reason, byPeer);
        }
    }

    /** Whether the client has had all that it will ever get. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether the broker has closed it. */
    boolean isClosing() {
        return closeCode != 0;
    }

    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        deliver();
    }

    @Override
    public void close(int code, String reason) {
        if (!isClosing() && !ended) {
            closeCode = code;
            closeReason = reason;
            if (bytes == 0) {
                drained();
            }
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return ADDRESS;
    }

    @Override
    public long unsentBytes() {
        return bytes;
    }
}
