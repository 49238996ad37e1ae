package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A large body is copied once for all messages that it is in, whatever stands before and behind it. */
class SharedFramesTest {
    private static final int SIZE = 100_000;

    private final SharedFrames frames = new SharedFrames();
    private final byte[] body = new byte[SIZE];

    SharedFramesTest() {
        new Random(1).nextBytes(body);
    }

    private static byte[] frame(OutboundMessage message) {
        ByteBuffer frame = ByteBuffer.allocate(ServerFrames.frameLength(message));
        ServerFrames.putHead(frame, message);
        message.copyTo(frame, 0);
        return frame.array();
    }

    private byte[] written(OutboundMessage message, int sent) {
        SharedFrames.Place place = Objects.requireNonNull(frames.take(message));
        ByteBuffer from = place.from(sent);
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        frames.giveBack(place);
        return bytes;
    }

    private void assertWritten(OutboundMessage message) {
        assertThat(Arrays.equals(written(message, 0), frame(message))).isTrue();
        assertThat(Arrays.equals(written(message, 777), Arrays.copyOfRange(frame(message), 777, frame(message).length)))
                .isTrue();
    }

    @Test
    void eachMessageHasItsOwnHeadAndTailAroundTheOneBody() {
        OutboundMessage text = OutboundMessage.text(body);
        OutboundMessage binary = OutboundMessage.binary(new byte[64], body, SIZE - 10);
        for (OutboundMessage message : new OutboundMessage[] {
            text,
            text.withTail(1, new byte[300]),
            binary,
            text.withTail(1, new byte[7]),
            binary.withHead(new byte[5_000]),
            text,
            OutboundMessage.text(new byte[10], body, new byte[2]).withTail(1, new byte[2_000]),
            binary.withHead(new byte[8])
        }) {
            assertWritten(message);
        }
    }

    @Test
    void messagesThatDifferAroundABodyDoNotCopyIt() {
        OutboundMessage binary = OutboundMessage.binary(new byte[64], body, SIZE);
        assertWritten(binary);
        byte[] before = body.clone();
        Arrays.fill(body, (byte) 0); // whoever copied it again would have this

        byte[] written = written(binary.withHead(new byte[72]), 0);

        assertThat(Arrays.equals(Arrays.copyOfRange(written, written.length - SIZE, written.length), before))
                .isTrue();
    }

    @Test
    void aFrameThatIsBeingWrittenIsNotChanged() {
        OutboundMessage first = OutboundMessage.binary(new byte[64], body, SIZE);
        SharedFrames.Place place = Objects.requireNonNull(frames.take(first));

        assertThat(frames.take(first.withHead(new byte[72]))).isNull();
        assertThat(frames.take(first)).isSameAs(place);

        frames.giveBack(place);
        frames.giveBack(place);
        assertThat(frames.take(first.withHead(new byte[72]))).isNotNull();
    }

    @Test
    void whatIsLargerThanAPlaceMayGrowIsLeftToTheLane() {
        assertThat(frames.take(OutboundMessage.text(new byte[SharedFrames.MOST_BYTES + 1])))
                .isNull();
    }
}
