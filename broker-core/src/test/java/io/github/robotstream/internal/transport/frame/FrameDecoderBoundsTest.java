package io.github.robotstream.internal.transport.frame;

import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.head;
import static io.github.robotstream.testing.ClientFrames.masked;
import static io.github.robotstream.testing.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderBoundsTest {
    private static final int MIB = 1024 * 1024;

    private final RecordedFrames frames = new RecordedFrames();

    @Test
    void aDeclaredLengthCostsNothing() {
        ByteBudget budget = new ByteBudget(Long.MAX_VALUE);
        FrameDecoder decoder = new FrameDecoder(MIB, budget, frames);

        decoder.decode(ByteBuffer.wrap(head(FIN | TEXT, MIB)));

        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void memoryGrowsWithWhatArrives() {
        ByteBudget budget = new ByteBudget(Long.MAX_VALUE);
        FrameDecoder decoder = new FrameDecoder(MIB, budget, frames);
        decoder.decode(ByteBuffer.wrap(head(FIN | TEXT, MIB)));

        for (int arrived = 100; arrived < MIB; arrived += 100) {
            decoder.decode(ByteBuffer.wrap(masked(new byte[100])));
            assertThat(budget.heldBytes()).isLessThanOrEqualTo(Math.max(1024, 2L * arrived));
        }
    }

    @Test
    void aMessageThatIsCompleteHoldsNothing() {
        ByteBudget budget = new ByteBudget(0);
        FrameDecoder decoder = new FrameDecoder(MIB, budget, frames);

        decoder.decode(ByteBuffer.wrap(text("x".repeat(MIB))));

        assertThat(frames.events).containsExactly("text of " + MIB + " bytes");
    }

    @Test
    void whatIsTooMuchForAllTogetherEndsTheOneThatAsks() {
        ByteBudget budget = new ByteBudget(10_000);
        FrameDecoder first = new FrameDecoder(MIB, budget, frames);
        FrameDecoder second = new FrameDecoder(MIB, budget, frames);
        byte[] half = concat(head(FIN | TEXT, MIB), masked(new byte[4_000]));

        first.decode(ByteBuffer.wrap(half));
        assertThat(frames.events).isEmpty();
        second.decode(ByteBuffer.wrap(half));
        assertThat(frames.events).containsExactly("violation 1013");

        first.end();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void stopsBetweenTwoMessagesWhenTheCallerDoes() {
        FrameDecoder decoder = new FrameDecoder(MIB, new ByteBudget(MIB), frames);
        ByteBuffer in = ByteBuffer.wrap(concat(text("a"), text("b")));

        assertThat(decoder.decode(in)).isTrue();
        assertThat(frames.events).containsExactly("text a");
        assertThat(decoder.decode(in)).isTrue();
        assertThat(frames.events).containsExactly("text a", "text b");
        assertThat(decoder.decode(in)).isFalse();
    }

    @Test
    void unmasksAnyPieceOfAFrame() {
        Random random = new Random(7);
        byte[] plain = new byte[100];
        random.nextBytes(plain);
        int key = 0xe25ca71b; // the mask of ClientFrames, the first byte lowest
        byte[] whole = masked(plain);

        for (int from = 0; from < 20; from++) {
            for (int to = from; to < plain.length; to++) {
                byte[] piece = Arrays.copyOfRange(whole, from, to);
                Masking.apply(piece, 0, piece.length, key, from);
                assertThat(piece).isEqualTo(Arrays.copyOfRange(plain, from, to));
            }
        }
    }

    @Test
    void agreesWithTheJdkOnWhatIsUtf8() {
        Random random = new Random(11);
        int[] alphabet = {
            'a', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5
        };
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(6)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) alphabet[random.nextInt(alphabet.length)];
            }
            Utf8Check check = new Utf8Check();
            boolean valid = check.accept(bytes, 0, bytes.length) && check.isComplete();
            assertThat(valid).as(Arrays.toString(bytes)).isEqualTo(isUtf8ForTheJdk(bytes));
        }
    }

    private static boolean isUtf8ForTheJdk(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
