package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.testing.OneClientBroker;
import org.junit.jupiter.api.Test;

/** A burst of the robot's is no reason to lose messages of a client that reads. */
class BurstTest {

    @Test
    void aBurstThatIsLargerThanASessionsQueueArrivesWhole() throws Exception {
        try (OneClientBroker client = new OneClientBroker()) {
            client.deliver("{\"action\":\"subscribe\",\"topic\":\"pose\"}");
            client.settle();
            int before = client.sent().size();

            for (int i = 1; i <= 4_000; i++) {
                client.broker.publish("pose", Payload.of("pose", "int", "" + i));
            }
            client.settle();

            assertThat(client.sent()).hasSize(before + 4_000);
            assertThat(client.sent().get(before + 3_999)).contains("\"data\":4000");
        }
    }
}
