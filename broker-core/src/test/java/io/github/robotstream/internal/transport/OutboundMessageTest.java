package io.github.robotstream.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundMessageTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 20_000, 20_001, 20_002})
    void base64IsTheSameWhereverACopyOfItBeginsAndEnds(int length) {
        byte[] bytes = new byte[length + 7];
        new Random(length).nextBytes(bytes);
        byte[] expected =
                ("<" + Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length)) + ">..").getBytes(US_ASCII);
        OutboundMessage message = OutboundMessage.binary(new byte[3], bytes, length)
                .inBase64(false, new byte[] {'<'}, new byte[] {'>', '!'})
                .withTail(1, new byte[] {'.', '.'});

        assertThat(message.isBinary()).isFalse();
        assertThat(message.length()).isEqualTo(expected.length);
        for (int step = 1; step < 12; step++) {
            for (int from = 0; from < expected.length; from += Math.max(1, expected.length / 40)) {
                ByteBuffer piece = ByteBuffer.allocate(step * step * 10);
                message.copyTo(piece, from);
                int end = Math.min(expected.length, from + piece.capacity());
                assertThat(piece.flip()).isEqualTo(ByteBuffer.wrap(expected, from, end - from));
            }
        }
    }
}
