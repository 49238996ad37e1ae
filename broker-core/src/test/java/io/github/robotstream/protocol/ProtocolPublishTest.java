package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.TopicFilter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publish, and what becomes of a message on its way. */
class ProtocolPublishTest extends ProtocolContract {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "25.10",
                "1e400",
                "-0",
                "123456789012345678901234567890.000",
                "1E+2",
                "\"a\\u0041\\/\\n\\\"\"",
                "\"\u00e9\ud83e\udd16\u2028\"",
                "[ 1 , {\"b\":2 ,\t\"a\" : null} ]",
                "true"
            })
    void aValueGoesThroughByteForByte(String value) throws Exception {
        start();
        ContractClient envelope = subscriber("pose");
        ContractClient flat = test.connect("frame=flat").send(subscribe("pose"));
        test.settle();
        ContractClient late = connect();

        late.send(message("pose", value));
        assertThat(envelope.frame()).isEqualTo(message("pose", value));
        assertThat(flat.frame()).isEqualTo(data("pose", value));
        assertThat(late.ask(subscribe("pose"))).isEqualTo(message("pose", value));
    }

    @Test
    void dataMayBeAStringThatHoldsTheObject() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        String text = "{\\\"name\\\":\\\"pose\\\",\\\"type\\\":\\\"float\\\",\\\"data\\\":25.10}";
        client.send(json("{'action':'publish','topic':'pose','data':'") + text + "\"}");

        assertThat(client.frame()).isEqualTo(message("pose", "25.10"));
    }

    @Test
    void nothingOfAPublishButActionTopicAndDataReachesOthers() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        connect()
                .send(json("{'id':'secret','mono':1,'ttl_ms':200,'from':'me','data':" + data("pose", "1")
                        + ",'retain':true,'topic':'pose','action':'publish','echo':true}"));

        assertThat(client.frame()).isEqualTo(message("pose", "1"));
    }

    @Test
    void furtherMembersOfDataStay() throws Exception {
        start();
        ContractClient client = subscriber("pose");
        String data = json("{'unit':'m','name':'x','type':'float','data':1,'stamp':{'s':7}}");

        client.send(json("{'action':'publish','topic':'pose','data':") + data + "}");

        assertThat(client.frame()).isEqualTo(json("{'action':'publish','topic':'pose','data':") + data + "}");
    }

    @Test
    void aPublishIsAckedWithItsNumberInItsTopicAndHowManyItWentTo() throws Exception {
        start();
        subscriber("pose");
        subscriber("#");
        ContractClient client = connect();

        assertThat(client.ask(with("'id':'c7'", message("pose", "1"))))
                .isEqualTo(json("{'action':'ack','id':'c7','topic':'pose','seq':1,'subscribers':2}"));
        robotPublishes("pose", "2");
        assertThat(client.ask(with("'id':'c8'", message("pose", "3"))))
                .isEqualTo(json("{'action':'ack','id':'c8','topic':'pose','seq':3,'subscribers':2}"));
        assertThat(client.ask(with("'id':'c9'", message("other", "1"))))
                .isEqualTo(json("{'action':'ack','id':'c9','topic':'other','seq':1,'subscribers':1}"));
        client.send(message("pose", "4")).hearsNothing();
    }

    @Test
    void whatAClientPublishesInOneGoIsNumberedAndSentInItsOrder() throws Exception {
        start();
        ContractClient all = subscriber("#");
        ContractClient client = connect();

        client.send(message("pose", "1"))
                .send(message("pose", "2"))
                .send(message("battery", "3"))
                .send(message("pose", "4"))
                .send(with("'id':'c1'", message("pose", "5")))
                .send(message("pose", "6"));

        assertThat(all.frames())
                .containsExactly(
                        message("pose", "1"),
                        message("pose", "2"),
                        message("battery", "3"),
                        message("pose", "4"),
                        message("pose", "5"),
                        message("pose", "6"));
        assertThat(client.frames())
                .containsExactly(json("{'action':'ack','id':'c1','topic':'pose','seq':4,'subscribers':1}"));
    }

    @Test
    void whatAClientAsksBetweenItsMessagesIsDoneBetweenThem() throws Exception {
        start();
        ContractClient client = connect();

        client.send(message("pose", "1"))
                .send(message("pose", "2"))
                .send(subscribe("pose"))
                .send(message("pose", "3"))
                .send(message("pose", "4"));

        assertThat(client.frames()).containsExactly(message("pose", "2"), message("pose", "3"), message("pose", "4"));
    }

    @Test
    void inOneGoEachMessageIsEchoedOrNotAsItSays() throws Exception {
        start();
        ContractClient publisher = subscriber("pose");
        ContractClient other = subscriber("pose");

        publisher
                .send(message("pose", "1"))
                .send(with("'echo':false", message("pose", "2")))
                .send(with("'echo':false", message("pose", "3")))
                .send(message("pose", "4"))
                .send(message("pose", "5"));

        assertThat(publisher.frames())
                .containsExactly(message("pose", "1"), message("pose", "4"), message("pose", "5"));
        assertThat(other.frames())
                .containsExactly(
                        message("pose", "1"),
                        message("pose", "2"),
                        message("pose", "3"),
                        message("pose", "4"),
                        message("pose", "5"));
        BrokerStats stats = test.broker().stats();
        assertThat(List.of(stats.offered(), stats.delivered())).containsExactly(8L, 8L);
    }

    @Test
    void aPublisherThatIsSubscribedGetsItsOwnMessageUnlessItSaysNo() throws Exception {
        start();
        ContractClient publisher = subscriber("pose");
        ContractClient other = subscriber("pose");

        publisher.send(message("pose", "1"));
        assertThat(publisher.frame()).isEqualTo(message("pose", "1"));
        publisher.send(with("'echo':false", message("pose", "2"))).hearsNothing();
        publisher.send(with("'echo':true", message("pose", "3")));
        assertThat(publisher.frame()).isEqualTo(message("pose", "3"));

        assertThat(other.frames()).containsExactly(message("pose", "1"), message("pose", "2"), message("pose", "3"));
    }

    @Test
    void allSubscribersGetAllMessagesOfATopicInOneOrder() throws Exception {
        start();
        ContractClient first = subscriber("pose");
        ContractClient second = subscriber("#");
        ContractClient robotsFriend = connect();
        for (int i = 0; i < 50; i++) {
            first.send(message("pose", "1" + i));
            robotsFriend.send(message("pose", "2" + i));
            test.broker().publish("pose", Payload.of("pose", "float", "3" + i));
        }

        List<String> frames = first.frames(150);
        assertThat(second.frames(150)).isEqualTo(frames);
        assertThat(frames.stream().filter(f -> f.contains(":1"))).isSortedAccordingTo(byNumber());
        assertThat(frames.stream().filter(f -> f.contains(":2"))).isSortedAccordingTo(byNumber());
    }

    private static Comparator<String> byNumber() {
        return Comparator.comparingInt(
                frame -> Integer.parseInt(frame.replaceAll("\\D", "").substring(1)));
    }

    @Test
    void robotCodeHearsWhatClientsPublish() throws Exception {
        List<Message> heard = new CopyOnWriteArrayList<>();
        start();
        test.broker().subscribe(TopicFilter.of("pose"), heard::add);
        test.settle();

        assertThat(connect().ask(with("'id':1", message("pose", "2.50")))).contains("\"subscribers\":1");

        test.awaitThat(() -> assertThat(heard).hasSize(1));
        Message message = heard.get(0);
        assertThat(message.topic()).isEqualTo("pose");
        assertThat(message.payload()).isEqualTo(Payload.of("pose", "float", "2.50"));
        assertThat(message.publisher()).isEqualTo("anonymous");
    }
}
