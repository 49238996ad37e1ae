package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenVerifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Somebody sets the robot's clock, a year ahead or back: nothing ends and nothing comes early, as limits go by a clock of their own. */
class ClockJumpTest extends ProtocolContract {
    private static final Duration YEAR = Duration.ofDays(365);

    private void jump(Duration by) {
        test.clock.setWall(test.clock.now().plus(by));
        test.settle();
    }

    @Test
    void noSessionEndsAndNoTopicIsForgotten() throws Exception {
        start();
        ContractClient subscriber = subscriber("pose");
        ContractClient publisher = connect().send(message("battery", "25.1"));
        test.settle();
        for (Duration by : new Duration[] {YEAR, YEAR.multipliedBy(-2), YEAR}) {
            jump(by);
            test.advance(Duration.ofSeconds(11)); // the sweep of topics comes by
            publisher.send(message("pose", "1"));
            assertThat(subscriber.frame()).isEqualTo(message("pose", "1"));
        }

        assertThat(test.broker().sessions()).hasSize(2);
        assertThat(subscriber("battery").frame()).isEqualTo(message("battery", "25.1"));
    }

    @Test
    void aTokenEndsWhenItsTimeIsOverNeitherEarlierNorLater() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(new TokenVerifier() {
            @Override
            public ClientPrincipal verify(AccessRequest request) {
                return ClientPrincipal.of("guest", Permissions.all())
                        .expiringAt(test.clock.now().plusSeconds(60));
            }

            @Override
            public boolean mayBlock() {
                return false;
            }
        }));
        ContractClient ahead = test.connect("token=t");
        jump(YEAR);
        test.advance(Duration.ofSeconds(20));
        ahead.hearsNothing();
        jump(YEAR.multipliedBy(-2));
        test.advance(Duration.ofSeconds(39));
        ahead.hearsNothing();
        test.advance(Duration.ofSeconds(1));

        assertThat(ahead.closeWord()).isEqualTo("token_expired");
    }
}
