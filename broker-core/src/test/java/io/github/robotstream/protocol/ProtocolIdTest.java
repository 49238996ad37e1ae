package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The id of a request: how a client knows the reply. */
class ProtocolIdTest extends ProtocolContract {
    private static final String SIXTY_FOUR = "0123456789012345678901234567890123456789012345678901234567890123";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "-0",
                "9007199254740991",
                "-9007199254740991",
                "\"\"",
                "\"c7\"",
                "\"\\u0063\\/7\\\"\"",
                "\"\u00e9\ud83e\udd16\"",
                "\"" + SIXTY_FOUR + "\""
            })
    void anIdComesBackByteForByte(String id) throws Exception {
        start();
        ContractClient client = connect();

        assertThat(client.ask("{\"id\":" + id + "," + subscribe("pose").substring(1)))
                .startsWith("{\"action\":\"ack\",\"id\":" + id + ",\"topic\":\"pose\"");
        assertThat(client.ask("{\"id\":" + id + ",\"action\":\"dance\"}"))
                .startsWith("{\"action\":\"error\",\"id\":" + id + ",\"code\":\"unknown_action\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "1.0",
                "1e3",
                "9007199254740992",
                "-9007199254740992",
                "[]",
                "{}",
                "\"" + SIXTY_FOUR + "4\""
            })
    void anotherIdIsABadRequestAndIsNotEchoed(String id) throws Exception {
        start();

        assertError(
                connect().ask("{\"id\":" + id + "," + subscribe("pose").substring(1)),
                "'request':'subscribe',",
                "bad_request",
                400);
    }

    @Test
    void eachRequestWithAnIdHasOneReplyInTheOrderOfTheRequests() throws Exception {
        start();
        ContractClient client = connect();
        for (int i = 0; i < 300; i++) {
            // Every 40th is an error: more than ten in a second would be summed up.
            client.send(i % 40 == 39 ? "{\"id\":" + i + "}" : with("'id':" + i, message("pose", "1")));
        }

        assertThat(client.frames(300))
                .extracting(frame -> Integer.parseInt(frame.replaceAll(".*\"id\":(\\d+),.*", "$1")))
                .containsExactlyElementsOf(IntStream.range(0, 300).boxed().toList());
    }
}
