package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that says hello learns what it talks to, and is warned before its token ends. */
class ProtocolHelloTest extends ProtocolContract {
    private static final String HELLO = json("{'action':'hello','id':0}");

    private final TokenTable tokens = new TokenTable();

    /** A session that ends after so many seconds. */
    private ContractClient guest(int seconds) throws Exception {
        startGuarded(settings -> settings.name("robot-17").tokenVerifier(tokens));
        tokens.with("minutes", () -> guestFor(seconds))
                .with("hour", () -> guestFor(3600))
                .with("half-minute", () -> guestFor(30))
                .with("endless", ClientPrincipal.of("guest", Permissions.all()));
        return test.connect("token=minutes");
    }

    private ClientPrincipal guestFor(int seconds) {
        return ClientPrincipal.of("guest", Permissions.all())
                .expiringAt(test.clock.now().plusSeconds(seconds));
    }

    private static String expiringIn(int millis) {
        return json("{'action':'auth_expiring','in_ms':" + millis + "}");
    }

    @Test
    void theAnswerTellsWhatItTalksTo() throws Exception {
        ContractClient client = guest(600);
        test.advance(Duration.ofMillis(1_500));

        assertThat(client.ask(HELLO))
                .matches(
                        json(
                                "\\{'action':'ack','id':0,'protocol':1,'broker':'robot-17','session':'c-1','subject':'guest',"
                                        + "'epoch':'[a-z0-9]{8,9}','ts':1795498201623000,'mono':1500000,'expires_in_ms':598500,"
                                        + "'limits':\\{'message_bytes':1048576,'frame_bytes':1048576,'requests_per_second':1000,"
                                        + "'requests_at_once':2000,'bytes_per_second':8388608,'subscriptions':256,'new_topics':100\\},"
                                        + "'capabilities':\\['subscribe','unsubscribe','publish','auth','hello','topics','services','ping','history','acquire','release','stop','call','cancel'\\]\\}"));
    }

    @Test
    void withoutAnEndThereIsNoneInTheAnswer() throws Exception {
        guest(600);

        assertThat(test.connect("token=endless").ask(HELLO)).contains("\"ack\"").doesNotContain("expires_in_ms");
    }

    @Test
    void theLimitsAreThoseOfTheSession() throws Exception {
        guest(600);
        tokens.with(
                "fast", ClientPrincipal.of("guest", Permissions.all()).withRequestRate(RequestRate.perSecond(5000)));

        assertThat(test.connect("token=fast").ask(HELLO)).contains("\"requests_per_second\":5000,");
    }

    @Test
    void whoSaidHelloIsWarnedAMinuteBeforeItsTokenEnds() throws Exception {
        ContractClient client = guest(600);
        client.ask(HELLO);

        test.advance(Duration.ofMillis(539_999));
        client.hearsNothing();
        test.advance(Duration.ofMillis(1));
        assertThat(client.frame()).isEqualTo(expiringIn(60_000));

        test.advance(Duration.ofMillis(59_999));
        client.hearsNothing();
        test.advance(Duration.ofMillis(1));
        assertThat(client.closeWord()).isEqualTo("token_expired");
    }

    @Test
    void whoSaysHelloWithLessThanAMinuteLeftIsWarnedAtOnceAndOnce() throws Exception {
        ContractClient client = guest(20);

        assertThat(client.send(HELLO).frames(2)).last().isEqualTo(expiringIn(20_000));
        client.ask(HELLO);
        client.hearsNothing();
    }

    @Test
    void whoNeverSaidHelloOrAuthIsNotWarned() throws Exception {
        ContractClient client = guest(90);
        client.send(subscribe("pose"));

        test.advance(Duration.ofMillis(89_999));

        client.hearsNothing();
    }

    @Test
    void whoBroughtANewerTokenIsWarnedBeforeThatEnds() throws Exception {
        ContractClient client = guest(600);
        client.ask(json("{'action':'auth','id':1,'token':'hour'}"));

        test.advance(Duration.ofSeconds(3539));
        client.hearsNothing();
        test.advance(Duration.ofSeconds(1));
        assertThat(client.frame()).isEqualTo(expiringIn(60_000));

        client.ask(json("{'action':'auth','id':2,'token':'hour'}"));
        test.advance(Duration.ofMinutes(59));
        assertThat(client.frame()).isEqualTo(expiringIn(60_000));
    }

    @Test
    void aNewerTokenThatEndsSoonIsWarnedOfAfterItsAck() throws Exception {
        ContractClient client = guest(600);

        List<String> frames = client.send(json("{'action':'auth','id':1,'token':'half-minute'}"))
                .frames(2);

        assertThat(frames)
                .containsExactly(json("{'action':'ack','id':1,'expires_in_ms':30000,'ended':0}"), expiringIn(30_000));
    }

    @Test
    void withoutAnIdThereIsNoAnswerButTheWarning() throws Exception {
        ContractClient client = guest(120);
        client.send(json("{'action':'hello'}")).hearsNothing();

        test.advance(Duration.ofSeconds(60));

        assertThat(client.frame()).isEqualTo(expiringIn(60_000));
    }
}
