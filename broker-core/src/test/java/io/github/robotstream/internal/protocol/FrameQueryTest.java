package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameQueryTest {
    @Test
    void knowsTwoWords() {
        assertThat(FrameQuery.styleOf("flat")).hasValue(FrameStyle.FLAT);
        assertThat(FrameQuery.styleOf("envelope")).hasValue(FrameStyle.ENVELOPE);
    }

    @Test
    void takesNoOtherForOneOfThem() {
        assertThat(FrameQuery.styleOf("FLAT")).isEmpty();
        assertThat(FrameQuery.styleOf("")).isEmpty();
    }
}
