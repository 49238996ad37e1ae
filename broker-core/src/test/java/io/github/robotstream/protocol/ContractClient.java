package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.TestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client of a {@link BrokerUnderTest}: whoever looks at what it was sent lets everything settle first. */
final class ContractClient {
    private static final Duration SLICE = Duration.ofMillis(2);

    /** A client was sent no pong: while the clock stands still, thousands of pings use up the rate at which it is read. */
    static final class NotSettled extends AssertionError {
        private static final long serialVersionUID = 1;

        NotSettled(AssertionError cause) {
            super("a client is not read any more, or is sent nothing: " + cause.getMessage(), cause);
        }
    }

    private final BrokerUnderTest test;
    private final TestClient client;
    private boolean inHandshake = true;
    private boolean reading = true;
    private boolean gone;
    private boolean pinged;

    ContractClient(BrokerUnderTest test, TestClient client) {
        this.test = test;
        this.client = client;
    }

    ContractClient send(String text) {
        client.send(text);
        return this;
    }

    ContractClient sendBinary(byte[] message) {
        client.sendBinary(message);
        return this;
    }

    /** All binary messages that have come and were not looked at yet. */
    List<byte[]> binaries() {
        test.settle();
        List<byte[]> messages = new ArrayList<>();
        for (Optional<byte[]> next = client.pollBinary(); next.isPresent(); next = client.pollBinary()) {
            messages.add(next.get());
        }
        return messages;
    }

    /** The one binary message that has come. */
    byte[] binary() {
        List<byte[]> messages = binaries();
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }

    ContractClient sendRaw(byte[] bytes) {
        client.sendRaw(bytes);
        return this;
    }

    /** All frames that have come and were not looked at yet. */
    List<String> frames() {
        test.settle();
        List<String> frames = new ArrayList<>();
        for (Optional<String> next = client.poll(); next.isPresent(); next = client.poll()) {
            frames.add(next.get());
        }
        return frames;
    }

    /** That many frames, for which it waits, and none beyond them. */
    List<String> frames(int count) {
        List<String> frames = new ArrayList<>();
        while (frames.size() < count) {
            frames.add(test.await(() -> client.next(SLICE)));
        }
        frames.addAll(frames());
        assertThat(frames).hasSize(count);
        return frames;
    }

    /** The one frame that has come. */
    String frame() {
        return frames(1).get(0);
    }

    /** The one frame that answers a request. */
    String ask(String request) {
        return send(request).frame();
    }

    /** Checks that nothing has come, and that it is still served. */
    void hearsNothing() {
        assertThat(frames()).isEmpty();
        assertThat(gone).as("gone").isFalse();
    }

    /** Waits for the end. */
    int closeCode() {
        gone = true;
        return test.await(() -> client.closeCode(SLICE));
    }

    String closeReason() {
        gone = true;
        return test.await(() -> client.closeReason(SLICE));
    }

    /** The reason's first word, which is for programs. */
    String closeWord() {
        return closeReason().split("[: ]", 2)[0];
    }

    void stopReading() {
        reading = false;
        client.stopReading();
    }

    void resumeReading() {
        reading = true;
        client.resumeReading();
    }

    /** Says that it leaves, and is gone. */
    void leave(int code, String reason) {
        int open = test.connections();
        gone = true;
        client.close(code, reason);
        test.await(() -> {
            client.awaitEnd(SLICE);
            return true;
        });
        // The client sees the end of its socket before the broker's side is told of it.
        test.awaitThat(
                () -> assertThat(test.connections()).as("open connections").isLessThan(open));
        test.settle();
    }

    void abort() {
        gone = true;
        client.abort();
    }

    /** It has had its verdict, or will have it at once. */
    ContractClient expectsVerdict() {
        inHandshake = false;
        return this;
    }

    /** Whether it answers pings. */
    boolean isReading() {
        return reading && !gone && !inHandshake;
    }

    int pings() {
        return client.pings();
    }

    void ping() {
        try {
            client.sendRaw(ClientFrames.ping("settled?"));
            pinged = true;
        } catch (UncheckedIOException closed) {
            gone = true;
        }
    }

    void awaitPong() {
        if (pinged) {
            pinged = false;
            try {
                gone |= test.await(this::pongOrEnd).isEmpty();
            } catch (AssertionError none) {
                throw new NotSettled(none);
            }
        }
    }

    private Optional<String> pongOrEnd() {
        try {
            return Optional.of(client.nextPong(SLICE));
        } catch (AssertionError none) {
            client.awaitEnd(Duration.ZERO);
            return Optional.empty();
        }
    }
}
