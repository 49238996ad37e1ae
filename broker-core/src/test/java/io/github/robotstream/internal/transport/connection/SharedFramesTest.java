package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A large body is copied, or encoded in base64, once for all messages that it is in, whatever stands before and behind it. */
class SharedFramesTest {
    private static final int SIZE = 200_000;

    private final SharedFrames frames = SharedFrames.encoded();
    private final Set<SharedFrames.Place> places = new HashSet<>();
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

    /** What a lane writes of it that has written so much. */
    private byte[] written(OutboundMessage message, int sent) {
        ByteBuffer written = ByteBuffer.allocate(ServerFrames.frameLength(message) - sent);
        while (written.hasRemaining()) {
            SharedFrames.Place place = Objects.requireNonNull(frames.take(message, sent + written.position()));
            ByteBuffer piece = place.from(sent + written.position());
            assertThat(piece.remaining()).isBetween(1, SharedFrames.ENCODED_BYTES + 2 * 1024);
            written.put(piece);
            frames.giveBack(place);
            places.add(place);
        }
        return written.array();
    }

    private void assertWritten(OutboundMessage message) {
        byte[] frame = frame(message);
        for (int sent : new int[] {0, 1, 777, SharedFrames.ENCODED_BYTES, 65_545, frame.length - 1}) {
            assertThat(Arrays.equals(written(message, sent), Arrays.copyOfRange(frame, sent, frame.length)))
                    .isTrue();
        }
    }

    private static OutboundMessage encoded(byte[] bytes, int length) {
        return OutboundMessage.binary(new byte[0], bytes, length).inBase64(false, new byte[30], new byte[3]);
    }

    @Test
    void eachMessageHasItsOwnHeadAndTailAroundTheOneBody() {
        OutboundMessage text = OutboundMessage.text(body);
        OutboundMessage binary = OutboundMessage.binary(new byte[64], body, SIZE - 10);
        for (OutboundMessage message : new OutboundMessage[] {
            text,
            text.withTail(1, new byte[300]),
            binary,
            encoded(body, SIZE),
            text.withTail(1, new byte[7]),
            binary.withHead(new byte[1_000]),
            encoded(body, SIZE).withTail(1, new byte[100]),
            text,
            OutboundMessage.text(new byte[10], body, new byte[2]).withTail(1, new byte[900]),
            binary.withHead(new byte[8])
        }) {
            assertWritten(message);
        }
    }

    @Test
    void base64IsThatOfAllBytesWhereverItIsCut() {
        for (int length = 49_150; length < 49_156; length++) {
            String text = Base64.getEncoder().encodeToString(Arrays.copyOf(body, length));
            OutboundMessage message =
                    OutboundMessage.binary(new byte[8], body, length).inBase64(false, new byte[0], new byte[] {'!'});
            String written = new String(written(message, 0), StandardCharsets.ISO_8859_1);

            assertThat(written).endsWith(text + "!").hasSize(ServerFrames.frameLength(text.length() + 1));
            assertWritten(message);
        }
    }

    @Test
    void whatIsSentAsItIsIsOnePiece() {
        OutboundMessage message = OutboundMessage.binary(new byte[64], new byte[3_000_000], 3_000_000);
        SharedFrames.Place place = Objects.requireNonNull(SharedFrames.copied().take(message, 0));
        assertThat(place.from(0).remaining()).isEqualTo(ServerFrames.frameLength(message));
    }

    @Test
    void aPlaceTakesALargerBodyThanBefore() {
        SharedFrames copied = SharedFrames.copied();
        for (int size = 20_000; size < 200_000; size += 20_000) {
            OutboundMessage message = OutboundMessage.text(Arrays.copyOf(body, size));
            SharedFrames.Place place = Objects.requireNonNull(copied.take(message, 0));
            assertThat(place.from(0)).isEqualTo(ByteBuffer.wrap(frame(message)));
            copied.giveBack(place);
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
    void base64IsMadeOnceForAllWhoAreSentIt() {
        byte[] large = Arrays.copyOf(body, 1_000_000);
        OutboundMessage first = encoded(large, large.length);
        byte[] frame = written(first, 0);
        Arrays.fill(large, (byte) 0); // whoever encoded it again would have this

        for (int i = 0; i < 3; i++) {
            assertThat(Arrays.equals(written(encoded(large, large.length), 0), frame))
                    .isTrue();
        }
    }

    @Test
    void twoBodiesThatTakeTurnsAreBothKept() {
        byte[] other = body.clone();
        OutboundMessage one = OutboundMessage.text(body);
        OutboundMessage two = OutboundMessage.text(other);
        byte[] frame = written(one, 0);
        written(two, 0);
        Arrays.fill(body, (byte) 0);
        Arrays.fill(other, (byte) 0);

        assertThat(Arrays.equals(written(one, 0), frame)).isTrue();
        assertThat(Arrays.equals(written(two, 0), frame)).isTrue();
    }

    @Test
    void aThirdBodyHasTheFirstForgotten() {
        byte[] zeros = frame(OutboundMessage.text(new byte[SIZE]));
        OutboundMessage one = OutboundMessage.text(body);
        written(one, 0);
        written(OutboundMessage.text(new byte[1_000_000]), 0);
        written(OutboundMessage.text(new byte[20_000]), 0);
        Arrays.fill(body, (byte) 0);

        assertThat(Arrays.equals(written(one, 0), zeros)).isTrue();
    }

    @Test
    void oneBodyAfterTheOtherTakesThePlacesOfFormerOnes() {
        for (int i = 0; i < 20; i++) {
            written(OutboundMessage.text(body.clone()), 0);
        }
        assertThat(places).as("two bodies of four pieces").hasSize(2 * 4);
        for (int i = 0; i < 5; i++) {
            written(OutboundMessage.text(new byte[SharedFrames.ENCODED_PLACES * SharedFrames.ENCODED_BYTES * 2]), 0);
        }
        assertThat(places).hasSize(SharedFrames.ENCODED_PLACES);
    }

    @Test
    void aPieceThatIsBeingWrittenIsNotChanged() {
        OutboundMessage first = OutboundMessage.binary(new byte[64], body, SIZE);
        SharedFrames.Place place = Objects.requireNonNull(frames.take(first, 0));

        assertThat(frames.take(first.withHead(new byte[72]), 0)).isNull();
        assertThat(frames.take(first, 5)).isSameAs(place);
        assertThat(frames.take(first, 80_000)).isNotSameAs(place).isNotNull();

        frames.giveBack(place);
        frames.giveBack(place);
        assertThat(frames.take(first.withHead(new byte[72]), 0)).isNotNull();
    }

    @Test
    void whatIsBeingWrittenIsInAsManyPlacesAsThereAre() {
        OutboundMessage large =
                OutboundMessage.text(new byte[SharedFrames.ENCODED_PLACES * SharedFrames.ENCODED_BYTES * 2]);
        for (int i = 0; i < SharedFrames.ENCODED_PLACES; i++) {
            assertThat(frames.take(large, i * SharedFrames.ENCODED_BYTES + 100)).isNotNull();
        }
        assertThat(frames.take(large, SharedFrames.ENCODED_PLACES * SharedFrames.ENCODED_BYTES + 100))
                .isNull();
    }

    @Test
    void whatHasALongHeadOrTailIsLeftToTheLane() {
        OutboundMessage message = OutboundMessage.text(body);
        assertThat(frames.take(message.withHead(new byte[5_000]), 0)).isNull();
        assertThat(frames.take(message.withTail(1, new byte[5_000]), 0)).isNull();
    }
}
