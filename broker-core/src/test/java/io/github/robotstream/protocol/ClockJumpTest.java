package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Somebody sets the robot's clock, a year ahead or back: limits go by a clock of their own, and of sessions only those end whose token is over. */
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

    private ContractClient guest(int seconds) throws Exception {
        startGuarded(settings -> settings.tokenVerifier(new TokenTable()
                .with(
                        "guest",
                        () -> ClientPrincipal.of("guest", Permissions.all())
                                .expiringAt(test.clock.now().plusSeconds(seconds)))
                .with("logs", ClientPrincipal.of("logs", Permissions.all()))));
        return test.connect("token=guest");
    }

    /** Until the broker has noticed. */
    private void jumpAndWait(Duration by) {
        jump(by);
        test.advance(Duration.ofSeconds(1));
    }

    @Test
    void aTokenThatIsOverByTheClockThatWasSetAheadEndsItsSession() throws Exception {
        ContractClient guest = guest(3600);
        jumpAndWait(YEAR);

        assertThat(guest.closeCode()).isEqualTo(4401);
        assertThat(guest.closeWord()).isEqualTo("token_expired");
    }

    @Test
    void aTokenThatIsNotYetOverEndsSoMuchEarlier() throws Exception {
        ContractClient guest = guest(3600);
        guest.ask(json("{'action':'hello','id':1}"));
        jumpAndWait(Duration.ofMinutes(58));
        guest.hearsNothing();

        test.advance(Duration.ofSeconds(59));
        assertThat(guest.frame()).isEqualTo(json("{'action':'auth_expiring','in_ms':60000}"));
        test.advance(Duration.ofMillis(59_999));
        guest.hearsNothing();
        test.advance(Duration.ofMillis(1));

        assertThat(guest.closeCode()).isEqualTo(4401);
    }

    @Test
    void aClockThatIsSetBackLengthensNoSessionHoweverOften() throws Exception {
        ContractClient guest = guest(60);
        jumpAndWait(YEAR.negated());
        jumpAndWait(YEAR.negated());
        test.advance(Duration.ofMillis(57_999));
        guest.hearsNothing();
        test.advance(Duration.ofMillis(1));

        assertThat(guest.closeCode()).isEqualTo(4401);
    }

    @Test
    void aStepOfMoreThanASecondIsTold() throws Exception {
        guest(60);
        ContractClient logs = test.connect("token=logs").send(subscribe("server_logs"));
        logs.frames();
        jumpAndWait(Duration.ofSeconds(1));
        jumpAndWait(Duration.ofSeconds(-1));
        assertThat(logs.frames()).isEmpty();

        jumpAndWait(Duration.ofMillis(1_001));
        assertThat(logs.frame()).contains(json("'event':'clock_stepped'"), "the robot's wall clock was set 1 s ahead");
        test.advance(Duration.ofSeconds(6));
        logs.frames();
        jumpAndWait(Duration.ofHours(-1));
        assertThat(logs.frame()).contains("3600 s back", json("'level':'WARN'"), json("'attrs':{'seconds':-3600}"));
    }
}
