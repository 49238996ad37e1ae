package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.OneClientBroker;
import org.junit.jupiter.api.Test;

/** The last bound of a session's requests, for a transport that goes on delivering though it was told to pause. */
class OverloadedSessionTest {
    private static final String BODY = "\"data\":{\"name\":\"pose\",\"type\":\"float\",\"data\":1}}";

    @Test
    void requestsBeyondTheBoundAreNotDoneAndToldInOneError() throws Exception {
        try (OneClientBroker client = new OneClientBroker()) {
            for (int i = 0; i < 1_500; i++) {
                client.deliver("{\"action\":\"publish\",\"id\":" + i + ",\"topic\":\"pose\"," + BODY);
            }
            client.settle();

            assertThat(client.sent())
                    .filteredOn(text -> text.contains("\"ack\""))
                    .hasSize(1_024);
            assertThat(client.sent())
                    .filteredOn(text -> !text.contains("\"ack\""))
                    .containsExactly(
                            "{\"action\":\"error\",\"code\":\"overloaded\",\"status\":503,\"message\":"
                                    + "\"476 requests came faster than they could be taken and were not done\",\"retry\":true}");
        }
    }
}
