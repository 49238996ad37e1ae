package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Topic;
import io.github.robotstream.TopicSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many errors a client may make, and how many it is told. */
class ProtocolErrorLimitTest extends ProtocolContract {

    @Test
    void tenErrorsASecondAreToldThenOneThatSumsUpTheRest() throws Exception {
        start();
        ContractClient client = connect();
        sendErrors(client, 25);

        assertThat(client.frames()).hasSize(10);
        test.advance(Duration.ofMillis(999));
        client.hearsNothing();
        test.advance(Duration.ofMillis(1));
        String sum = client.frame();
        assertError(sum, "", "rate_limited", 429, true);
        assertThat(sum).contains("15 more errors");
    }

    @Test
    void errorsAreToldAgainInTheNextSecond() throws Exception {
        start();
        ContractClient client = connect();
        sendErrors(client, 10);
        assertThat(client.frames()).hasSize(10);

        test.advance(Duration.ofSeconds(1));
        client.hearsNothing();
        assertError(client.ask("{}"), "", "bad_request", 400);
    }

    @Test
    void heldBackErrorsDoNotHoldBackOtherReplies() throws Exception {
        start();
        ContractClient client = subscriber("pose");
        sendErrors(client, 25);
        client.frames();

        assertThat(client.ask(with("'id':1,'echo':false", message("pose", "1"))))
                .contains("\"ack\"");
        robotPublishes("pose", "2");
        assertThat(client.frame()).isEqualTo(message("pose", "2"));
    }

    @Test
    void aHundredErrorsInTenSecondsEndTheSession() throws Exception {
        start();
        ContractClient client = connect();
        ContractClient other = subscriber("pose");
        sendErrors(client, 99);
        client.frames();
        test.advance(Duration.ofMillis(9_999));
        client.frames();

        client.send("{}");

        assertThat(client.closeCode()).isEqualTo(1008);
        assertThat(client.closeReason()).startsWith("bad_request: 100 errors in 10 s, the last bad_request");
        robotPublishes("pose", "1");
        assertThat(other.frame()).isEqualTo(message("pose", "1"));
    }

    @Test
    void ninetyNineErrorsInTenSecondsDoNot() throws Exception {
        start();
        ContractClient client = connect();
        for (int second = 0; second < 30; second++) {
            sendErrors(client, 9);
            assertThat(client.frames()).hasSize(9);
            test.advance(Duration.ofSeconds(1));
        }

        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void aCommandThatOthersOrTheWayHinderDoesNotEndTheSessionOfWhoSendsIt() throws Exception {
        Topic<Double> speed = Topic.command("speed", "float", Double.class);
        start(settings -> settings.topic(speed, TopicSettings::leased));
        ContractClient holder = connect();
        ContractClient client = connect();
        assertThat(holder.ask(json("{'action':'acquire','topic':'speed','id':1}")))
                .contains("\"ack\"");
        test.advance(Duration.ofMillis(10));
        for (int i = 0; i < 200; i++) {
            client.send(message("speed", "0.5"));
            holder.send(with("'mono':0,'ttl_ms':1", message("speed", "0.5")));
        }
        assertThat(client.frames()).hasSize(10).allMatch(frame -> frame.contains("\"lease_held\""));
        assertThat(holder.frames()).hasSize(10).allMatch(frame -> frame.contains("\"stale\""));

        test.advance(Duration.ofSeconds(1));
        client.frames();
        holder.frames();
        assertThat(holder.ask(json("{'action':'release','topic':'speed','id':2}")))
                .contains("\"ack\"");
        assertThat(client.ask(with("'id':3", message("speed", "0.5")))).contains("\"ack\"");
    }

    private static void sendErrors(ContractClient client, int count) {
        for (int i = 0; i < count; i++) {
            client.send("{}");
        }
    }
}
