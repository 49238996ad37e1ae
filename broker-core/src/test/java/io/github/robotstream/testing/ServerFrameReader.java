package io.github.robotstream.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a server has sent, taken apart and kept for a test to ask for: the answer to the request, and after a 101 its frames (RFC 6455
 * section 5.2), after any other status its body. A server of ours sends text and binary messages in single frames,
 * unmasked; anything else is an {@link AssertionError} for whoever asks next. Thread-safe, by its monitor.
 */
public final class ServerFrameReader {
    private final Queue<String> texts = new ArrayDeque<>();
    private final Queue<byte[]> binaries = new ArrayDeque<>();
    private final Queue<String> pongs = new ArrayDeque<>();
    private final Queue<byte[]> pings = new ArrayDeque<>();
    private byte[] rest = new byte[1024];
    private int restLength;
    private Optional<String> head = Optional.empty();
    private Optional<String> fault = Optional.empty();
    private Optional<Integer> closeCode = Optional.empty();
    private String closeReason = "";
    private boolean ended;
    private long textsSeen;
    private int pingsSeen;

    /** What comes after a 101. */
    public static ServerFrameReader ofFrames() {
        ServerFrameReader reader = new ServerFrameReader();
        reader.head = Optional.of("HTTP/1.1 101 Switching Protocols\r\n\r\n");
        return reader;
    }

    /** @return whether a close frame was among it */
    public synchronized boolean feed(byte[] bytes, int length) {
        if (restLength + length > rest.length) {
            rest = Arrays.copyOf(rest, Math.max(2 * rest.length, restLength + length));
        }
        System.arraycopy(bytes, 0, rest, restLength, length);
        restLength += length;
        if (head.isEmpty()) {
            takeHead();
        }
        if (head.filter(ServerFrameReader::isUpgrade).isPresent()) {
            takeFrames();
        }
        notifyAll();
        return closeCode.isPresent();
    }

    private void takeHead() {
        int end = new String(rest, 0, restLength, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        if (end >= 4) {
            head = Optional.of(new String(rest, 0, end, StandardCharsets.ISO_8859_1));
            drop(end);
        }
    }

    private static boolean isUpgrade(String answer) {
        return answer.startsWith("HTTP/1.1 101 ");
    }

    private void takeFrames() {
        int at = 0;
        for (int next = takeFrame(at); next > at; next = takeFrame(at)) {
            at = next;
        }
        drop(at);
    }

    private void drop(int count) {
        restLength -= count;
        System.arraycopy(rest, count, rest, 0, restLength);
    }

    /** Takes the frame that begins there, if it is whole; where the next one begins. */
    private int takeFrame(int at) {
        int available = restLength - at;
        if (fault.isPresent() || available < 2) {
            return at;
        }
        int lengthCode = rest[at + 1];
        if (lengthCode < 0) {
            fault = Optional.of("the server sent a masked frame");
            return at;
        }
        int headBytes = lengthCode == 126 ? 4 : lengthCode == 127 ? 10 : 2;
        if (available < headBytes) {
            return at;
        }
        long payloadLength = headBytes == 2 ? lengthCode : number(at + 2, headBytes - 2);
        if (available - headBytes < payloadLength) {
            return at;
        }
        int end = at + headBytes + (int) payloadLength;
        take(rest[at] & 0xff, Arrays.copyOfRange(rest, at + headBytes, end));
        return end;
    }

    /** The stream is at its end. */
    public synchronized void end() {
        ended = true;
        if (closeCode.isEmpty()) {
            closeCode = Optional.of(1006);
        }
        notifyAll();
    }

    /** The head of the answer to the request. */
    public String head(Duration within) {
        return await(within, () -> head, "an answer");
    }

    /** The same, or empty if the stream ends without an answer. */
    public Optional<String> headOrEnd(Duration within) {
        await(within, () -> ended ? Optional.of("") : head, "an answer");
        return pollHead();
    }

    public synchronized Optional<String> pollHead() {
        return head;
    }

    /** Whether the server has said that it closes, or the stream is at its end. */
    public synchronized boolean isClosed() {
        return closeCode.isPresent();
    }

    /** What follows an answer that is no upgrade, to the end of the stream. */
    public synchronized String body() {
        return new String(rest, 0, restLength, StandardCharsets.UTF_8);
    }

    public String nextText(Duration within) {
        return await(within, () -> Optional.ofNullable(texts.poll()), "a text message");
    }

    public synchronized Optional<String> pollText() {
        return Optional.ofNullable(texts.poll());
    }

    public byte[] nextBinary(Duration within) {
        return await(within, () -> Optional.ofNullable(binaries.poll()), "a binary message");
    }

    public synchronized Optional<byte[]> pollBinary() {
        return Optional.ofNullable(binaries.poll());
    }

    public String nextPong(Duration within) {
        return await(within, () -> Optional.ofNullable(pongs.poll()), "a pong");
    }

    /** The payload of the next ping, which is to be answered. */
    public synchronized Optional<byte[]> pollPing() {
        return Optional.ofNullable(pings.poll());
    }

    /** How many pings came. */
    public synchronized int pings() {
        return pingsSeen;
    }

    public int closeCode(Duration within) {
        return await(within, () -> closeCode, "a close frame");
    }

    public String closeReason(Duration within) {
        return await(within, () -> closeCode.map(code -> closeReason), "a close frame");
    }

    public void awaitEnd(Duration within) {
        await(within, () -> ended ? Optional.of(true) : Optional.empty(), "the end of the stream");
    }

    private void take(int firstByte, byte[] payload) {
        if (closeCode.isPresent()) {
            fault = Optional.of("the server sent a frame after its close frame");
            return;
        }
        switch (firstByte) {
            case ClientFrames.FIN | ClientFrames.TEXT -> {
                texts.add(new String(payload, StandardCharsets.UTF_8));
                textsSeen++;
            }
            case ClientFrames.FIN | ClientFrames.BINARY -> binaries.add(payload);
            case ClientFrames.FIN | ClientFrames.PONG -> pongs.add(new String(payload, StandardCharsets.UTF_8));
            case ClientFrames.FIN | ClientFrames.PING -> {
                pings.add(payload);
                pingsSeen++;
            }
            case ClientFrames.FIN | ClientFrames.CLOSE -> {
                closeCode = Optional.of(payload.length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff));
                closeReason =
                        payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            }
            default -> fault = Optional.of("the server sent a frame that begins with " + firstByte);
        }
    }

    private long number(int from, int bytes) {
        long number = 0;
        for (int i = from; i < from + bytes; i++) {
            number = (number << 8) | (rest[i] & 0xff);
        }
        return number;
    }

    private synchronized <T> T await(Duration within, Supplier<Optional<T>> wanted, String what) {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            if (fault.isPresent()) {
                throw new AssertionError(fault.get());
            }
            Optional<T> found = wanted.get();
            if (found.isPresent()) {
                return found.get();
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMillis <= 0 || ended) {
                throw new AssertionError("no " + what + " within " + within + "; so far " + textsSeen
                        + " text messages, closed with " + closeCode + " " + closeReason + ", stream ended: " + ended);
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, interrupted);
            }
        }
    }

    /** Reads an HTTP head to its empty line. */
    public static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the server closed after " + head.size() + " bytes of an answer");
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
