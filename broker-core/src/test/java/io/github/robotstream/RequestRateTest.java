package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.testing.OneClientBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestRateTest {
    private static final String LARGE = "\"" + "x".repeat(14_900) + "\"";

    private static String publish(String value) {
        return "{\"action\":\"publish\",\"topic\":\"pose\",\"data\":{\"name\":\"pose\",\"type\":\"any\",\"data\":"
                + value + "}}";
    }

    @Test
    void aClientThatSendsMoreBytesIsReadFromLaterAndLosesNothing() throws Exception {
        try (OneClientBroker client = new OneClientBroker(settings -> settings.anonymousAccess(Permissions.all())
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1000).bytesPerSecond(10_000))))) {
            client.deliver(publish(LARGE));
            client.settle();
            assertThat(client.isPaused()).isTrue();

            client.clock.advance(Duration.ofMillis(400));
            client.settle();
            assertThat(client.isPaused()).isTrue();

            client.clock.advance(Duration.ofMillis(200));
            client.settle();
            assertThat(client.isPaused()).isFalse();

            client.deliver(publish("2"));
            client.settle();
            assertThat(client.broker.latest(Topic.state("pose", "any", Integer.class)))
                    .contains(2);
        }
    }

    @Test
    void pingsCountAsBytes() throws Exception {
        try (OneClientBroker client = new OneClientBroker(settings -> settings.anonymousAccess(Permissions.all())
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1000).bytesPerSecond(10_000))))) {
            for (int i = 0; i < 40; i++) {
                client.ping(0);
            }
            client.settle();
            assertThat(client.isPaused()).isTrue();

            client.clock.advance(Duration.ofMillis(100));
            client.settle();
            assertThat(client.isPaused()).isFalse();
        }
    }

    @Test
    void whoSendsManySmallOnesIsNotPausedAndResumedAtEachAndGetsItsRateAllTheSame() throws Exception {
        try (OneClientBroker client = new OneClientBroker(settings -> settings.anonymousAccess(Permissions.all())
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1000).bytesPerSecond(256_000))))) {
            int pauses = 0;
            int pings = 0;
            for (int millis = 0; millis < 10_000; millis++) {
                for (int i = 0; i < 100 && !client.isPaused(); i++) { // 100 a millisecond, a hundred times the rate
                    client.ping(0);
                    pings++;
                    pauses += client.isPaused() ? 1 : 0;
                }
                client.clock.advance(Duration.ofMillis(1));
                client.settle();
            }
            assertThat(pauses).isLessThanOrEqualTo(200);
            assertThat(pings).as("1,000 a second, and as many at once").isBetween(10_900, 11_100);
        }
    }

    @Test
    void aVerifierMayGiveAPrincipalARateOfItsOwn() throws Exception {
        try (OneClientBroker client = new OneClientBroker(settings -> settings.tokenVerifier(request ->
                        ClientPrincipal.of("fast", Permissions.all()).withRequestRate(RequestRate.unlimited()))
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1).burst(1))))) {
            for (int i = 0; i < 50; i++) {
                client.deliver(publish("1"));
            }
            client.settle();
            assertThat(client.sent()).isEmpty();
        }
    }

    @Test
    void aRateThatMeansNothingIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestRate.perSecond(0))
                .withMessage("requestsPerSecond is 0: it has to be 1 to 1000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestRate.perSecond(1).burst(-1))
                .withMessageContaining("burst is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestRate.perSecond(1).bytesPerSecond(1))
                .withMessageContaining("bytesPerSecond is 1");
    }
}
