package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.RecordedEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a broker's listener hears of clients. */
class ProtocolEventsTest extends ProtocolContract {
    private static final Topic<String> CAMERA = Topic.state("camera", "text", String.class);
    private static final String LARGE = "\"" + "x".repeat(10_000) + "\"";
    private static final Duration LOOK = Duration.ofMillis(100);

    private final RecordedEvents events = new RecordedEvents();

    private void hears(String... lines) {
        test.awaitThat(() -> assertThat(events.heard()).containsExactly(lines));
    }

    @Test
    void whoComesAndWhoGoesWithTheReasonWhy() throws Exception {
        start(builder -> builder.listener(events));
        ContractClient one = connect();
        ContractClient two = connect();
        hears("opened c-1 anonymous", "opened c-2 anonymous");
        one.leave(1000, "my own words");
        hears("opened c-1 anonymous", "opened c-2 anonymous", "closed c-1 1000 ");
        test.broker().disconnect("c-2", "lunch");
        assertThat(two.closeCode()).isEqualTo(4403);
        test.awaitThat(() -> assertThat(events.heard()).contains("closed c-2 4403 disconnected: lunch"));
    }

    @Test
    void aTopicIsActiveWhileAnybodyIsSubscribedToItAndIsToldSoOnce() throws Exception {
        start(builder -> builder.listener(events).topic(CAMERA));
        ContractClient one = subscriber("camera");
        ContractClient two = subscriber("#");
        test.advance(LOOK);
        hears("opened c-1 anonymous", "opened c-2 anonymous", "active camera");
        one.send(unsubscribe("camera"));
        test.advance(LOOK);
        assertThat(events.heard()).doesNotContain("idle camera");
        two.leave(1000, "");
        test.awaitThat(() -> assertThat(events.heard()).contains("closed c-2 1000 "));
        test.advance(LOOK);
        test.awaitThat(() -> assertThat(events.heard()).endsWith("idle camera"));
        one.send(subscribe("camera"));
        test.advance(LOOK);
        test.awaitThat(() -> assertThat(events.heard()).endsWith("idle camera", "active camera"));
    }

    @Test
    void aTopicThatIsDeclaredLaterIsActiveThen() throws Exception {
        start(builder -> builder.listener(events));
        subscriber("#");
        test.advance(LOOK);
        test.broker().publish(CAMERA, "picture");
        test.advance(LOOK);
        hears("opened c-1 anonymous", "active camera");
    }

    @Test
    void aSlowSessionIsToldOnceAnEpisode() throws Exception {
        start(builder -> builder.listener(events).limits(limits -> limits.queuedMessagesPerSession(16)));
        subscriber("image").stopReading();
        for (int i = 0; i < 3; i++) {
            loseSome();
            test.clock.advance(Duration.ofMillis(500));
            test.step();
        }
        hears("opened c-1 anonymous", "slow c-1");
        test.clock.advance(Duration.ofSeconds(2));
        test.step();
        test.clock.advance(Duration.ofSeconds(2));
        test.step();
        loseSome();
        hears("opened c-1 anonymous", "slow c-1", "slow c-1");
    }

    private void loseSome() {
        long before = test.broker().stats().dropped();
        while (test.broker().stats().dropped() < before + 5) {
            test.broker().publish("image", Payload.of("image", "text", LARGE));
            test.step();
        }
    }

    @Test
    void whatAVerifierThrew() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        TokenVerifier verifier = request -> {
            throw broken;
        };
        startGuarded(builder -> builder.listener(events).tokenVerifier(verifier));
        test.connect("token=abc");
        hears("failed the token verifier");
        assertThat(events.causes()).containsExactly(broken);
    }

    @Test
    void theEndOfTheBrokerClosesSessionsAndLeavesNoTopicActive() throws Exception {
        start(builder -> builder.listener(events).topic(CAMERA).subscribe(CAMERA, picture -> {}));
        connect();
        hears("active camera", "opened c-1 anonymous");
        test.broker().close();
        assertThat(events.heard())
                .containsExactly(
                        "active camera",
                        "opened c-1 anonymous",
                        "closed c-1 1001 the robot is going down",
                        "idle camera");
    }
}
