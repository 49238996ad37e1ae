package io.github.robotstream.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the subprotocols that a client offers is answered. */
class SubprotocolTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "robotstream.v1; ROBOTSTREAM_V1",
                "foxglove.websocket.v1; FOXGLOVE_WEBSOCKET_V1",
                "foxglove.websocket.v1,foxglove.sdk.v1; FOXGLOVE_SDK_V1",
                "chat, Foxglove.WebSocket.v1 ,bearer.x; FOXGLOVE_WEBSOCKET_V1",
                "foxglove.sdk.v1, robotstream.v1; ROBOTSTREAM_V1"
            })
    void theOneThatIsPreferredOfThoseOffered(String offered, Subprotocol chosen) {
        assertThat(Subprotocol.chosen(offered)).contains(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "chat", "bearer.robotstream.v1", "robotstream.v10", "foxglove.sdk.v1x"})
    void othersAreNot(String offered) {
        assertThat(Subprotocol.chosen(offered)).isEmpty();
    }

    @Test
    void itIsAnsweredAsItIsCalled() {
        assertThat(Subprotocol.chosen("FOXGLOVE.SDK.V1").map(Subprotocol::word))
                .isEqualTo(Optional.of("foxglove.sdk.v1"));
    }
}
