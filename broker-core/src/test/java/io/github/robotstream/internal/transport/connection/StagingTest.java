package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StagingTest {
    private static final int HEAD = 4;

    private final Staging staging = new Staging();

    @Test
    void aMarkHasRoomBehindAsManyMessagesAsGoIntoOneWrite() {
        OutboundMessage message = OutboundMessage.text(new byte[Staging.BYTES / 4 - HEAD]);
        for (int i = 0; i < 4; i++) {
            assertThat(staging.add(message)).isTrue();
        }
        assertThat(staging.add(OutboundMessage.text(new byte[0]))).isFalse();
        byte[] mark = ServerFrames.ping(7);
        ByteBuffer frames = staging.frames(mark);

        assertThat(frames.remaining()).isEqualTo(Staging.BYTES + mark.length);
        assertThat(frames.slice(Staging.BYTES, mark.length)).isEqualTo(ByteBuffer.wrap(mark));
    }
}
