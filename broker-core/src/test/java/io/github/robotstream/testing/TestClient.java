package io.github.robotstream.testing;

import java.time.Duration;
import java.util.Optional;

/**
 * A WebSocket client for tests, on a real socket or in memory. It reads by itself, answers close frames, and keeps what has arrived until
 * it is asked for. Waits end with an {@link AssertionError} that says what did arrive.
 */
public interface TestClient extends AutoCloseable {
    /** For whatever comes within milliseconds when all is well. */
    Duration SOON = Duration.ofSeconds(10);

    /** The head of the server's answer to the request. */
    String answerHead();

    /** The status of the server's answer to the request: 101 when it is let in. */
    default int status() {
        return Integer.parseInt(answerHead().split(" ", 3)[1]);
    }

    /** Waits for the end of the stream; what came after the head of an answer that is no upgrade. */
    String answerBody();

    /** Sends a text message. */
    void send(String text);

    /** Sends a binary message. */
    default void sendBinary(byte[] message) {
        sendRaw(ClientFrames.frame(ClientFrames.FIN | ClientFrames.BINARY, message));
    }

    /** The next binary message. */
    byte[] nextBinary(Duration within);

    default byte[] nextBinary() {
        return nextBinary(SOON);
    }

    /** The next binary message if one is here already. */
    Optional<byte[]> pollBinary();

    /** Sends bytes as they are: half a frame, or what is none. */
    void sendRaw(byte[] bytes);

    /** The next text message. */
    String next(Duration within);

    default String next() {
        return next(SOON);
    }

    /** The next text message if one is here already. */
    Optional<String> poll();

    /** The payload of the next pong. */
    String nextPong(Duration within);

    /** How many pings have come, which it answers by itself. */
    int pings();

    /** The code of the close frame: 1005 for one without, 1006 for the end without a close frame. */
    int closeCode(Duration within);

    default int closeCode() {
        return closeCode(SOON);
    }

    /** The reason of the close frame; empty without one. */
    String closeReason(Duration within);

    default String closeReason() {
        return closeReason(SOON);
    }

    /** Waits until the server has ended the stream. */
    void awaitEnd(Duration within);

    /** Reads no more, so that the socket fills up; at most what is being read is taken. */
    void stopReading();

    void resumeReading();

    /** Sends a close frame. */
    void close(int code, String reason);

    /** Is gone without a word, as when the cable is pulled or the process dies: a reset, if the server still sends. */
    void abort();

    /** As {@link #abort()}. */
    @Override
    default void close() {
        abort();
    }
}
