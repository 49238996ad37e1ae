package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.RequestRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How fast a client may ask. */
class ProtocolRateTest extends ProtocolContract {

    @Test
    void requestsBeyondTheRateAreRefusedWithTheTimeToWait() throws Exception {
        start(settings -> settings.limits(
                limits -> limits.requestRate(RequestRate.perSecond(10).burst(3))));
        ContractClient other = subscriber("pose");
        ContractClient client = connect();
        for (int i = 1; i <= 3; i++) {
            client.send(message("pose", "" + i));
        }
        client.hearsNothing();

        String error = client.ask(with("'id':4", message("pose", "4")));
        assertThat(error)
                .isEqualTo(
                        "{\"action\":\"error\",\"id\":4,\"request\":\"publish\",\"topic\":\"pose\",\"code\":\"rate_limited\","
                                + "\"status\":429,\"message\":\"10 requests a second are the most\",\"retry\":true,"
                                + "\"retry_after_ms\":100}");
        assertThat(other.frames()).containsExactly(message("pose", "1"), message("pose", "2"), message("pose", "3"));

        test.advance(Duration.ofMillis(100));
        assertThat(client.ask(with("'id':5", message("pose", "5")))).contains("\"ack\"");
        assertThat(other.frame()).isEqualTo(message("pose", "5"));
    }

    @Test
    void theRateCountsSubscriptionsToo() throws Exception {
        start(settings -> settings.limits(
                limits -> limits.requestRate(RequestRate.perSecond(10).burst(2))));
        ContractClient client = connect();
        client.send(subscribe("a")).send(unsubscribe("a")).hearsNothing();

        assertThat(client.ask(with("'id':1", subscribe("b"))))
                .startsWith("{\"action\":\"error\",\"id\":1,\"request\":\"subscribe\"")
                .contains("\"rate_limited\"");
    }

    @Test
    void aRequestThatMakesMuchWorkCountsForSeveral() throws Exception {
        start(settings -> settings.limits(
                limits -> limits.requestRate(RequestRate.perSecond(10).burst(30))));
        for (int i = 0; i < 2_000; i++) {
            test.broker().publish("t/" + i + "/a", Payload.of("n", "float", "1"));
        }
        ContractClient client = connect();
        assertThat(client.ask(with("'id':1", subscribe("t/+/b")))).contains("\"ack\"");

        assertThat(client.ask(with("'id':2", subscribe("pose"))))
                .contains("\"rate_limited\"")
                .contains("retry_after_ms");
        test.advance(Duration.ofSeconds(5));
        assertThat(client.ask(with("'id':3", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void hasteAloneDoesNotEndASession() throws Exception {
        start(settings -> settings.limits(
                limits -> limits.requestRate(RequestRate.perSecond(1).burst(1))));
        ContractClient client = connect();
        for (int i = 0; i < 300; i++) {
            client.send(message("pose", "1"));
        }
        assertThat(client.frames()).hasSize(10);

        test.advance(Duration.ofSeconds(2));
        client.frames();
        assertThat(client.ask(with("'id':1", message("pose", "2")))).contains("\"ack\"");
    }
}
