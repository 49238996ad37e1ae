package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecoderBacklogTest {
    private final DecoderBacklog backlog = new DecoderBacklog();

    @Test
    void aReadWaitsForOthersWhileTheBuffersAreTaken() {
        assertThat(backlog.handsOn()).isFalse();
        assertThat(backlog.handsOn()).isFalse();
        assertThat(backlog.handsOn()).isFalse();
        assertThat(backlog.handsOn()).isTrue();
        backlog.decoded();
        backlog.decoded();

        assertThat(backlog.handsOn()).isFalse();
        assertThat(backlog.handsOn()).isTrue();
    }
}
