package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry;
import org.junit.jupiter.api.Test;

/** Subscriptions to many topics (MQTT 5 section 4.7). */
class ProtocolFilterTest extends ProtocolContract {

    @Test
    void aPlusStandsForOneLevel() throws Exception {
        start();
        ContractClient client = subscriber("joints/+/angle");

        robotPublishes("joints/left/angle", "1");
        robotPublishes("joints/left/up/angle", "2");
        robotPublishes("joints/angle", "3");
        robotPublishes("joints//angle", "4");

        assertThat(client.frames()).containsExactly(message("joints/left/angle", "1"), message("joints//angle", "4"));
    }

    @Test
    void aHashStandsForAnyNumberOfLevels() throws Exception {
        start();
        ContractClient client = subscriber("joints/#");

        robotPublishes("joints", "1");
        robotPublishes("joints/left/angle", "2");
        robotPublishes("jointsleft", "3");

        assertThat(client.frames()).containsExactly(message("joints", "1"), message("joints/left/angle", "2"));
    }

    @Test
    void wildcardsDoNotMatchTopicsOfTheBroker() throws Exception {
        start();
        ContractClient all = subscriber("#");
        ContractClient oneLevel = subscriber("+");
        ContractClient logs = subscriber("server_logs");
        logs.frames();

        test.broker().log(LogEntry.of(LogEntry.Level.INFO, "docked", "the robot has docked"));

        assertThat(logs.frame()).contains("docked");
        all.hearsNothing();
        oneLevel.hearsNothing();
    }

    @Test
    void whereSubscriptionsOverlapAClientGetsOneCopy() throws Exception {
        start();
        ContractClient client = connect();
        client.send(subscribe("joints/left")).send(subscribe("joints/+")).send(subscribe("#"));
        test.settle();

        assertThat(client.ask(with("'id':1,'echo':false", message("joints/left", "1"))))
                .contains("\"subscribers\":0");
        robotPublishes("joints/left", "2");
        robotPublishes("joints/right", "3");
        assertThat(client.frames()).containsExactly(message("joints/left", "2"), message("joints/right", "3"));

        client.send(unsubscribe("joints/left"));
        test.settle();
        robotPublishes("joints/left", "4");
        assertThat(client.frame()).isEqualTo(message("joints/left", "4"));
    }

    @Test
    void aFilterIsUnsubscribedAsItWasSubscribed() throws Exception {
        start();
        ContractClient client = subscriber("joints/#");

        assertThat(client.ask(with("'id':1", unsubscribe("joints/#"))))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'joints/#'}"));
        robotPublishes("joints/left", "1");
        client.hearsNothing();
    }
}
