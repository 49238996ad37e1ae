package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Subscribe and unsubscribe, and what a subscriber is sent. */
class ProtocolSubscribeTest extends ProtocolContract {
    private static final Topic<String> GO = Topic.command("go", "string", String.class);

    @Test
    void theDocumentedRequestsBringDocumentedFramesAndNothingElse() throws Exception {
        start();
        ContractClient client = connect();

        client.send("""
                {
                  "action": "subscribe",
                  "topic": "some_topic"
                }""").hearsNothing();
        client.send("""
                {
                  "action": "publish",
                  "topic": "some_topic",
                  "data": {"name": "name_of_data", "type": "type_of_data", "data": "your_data_here"}
                }""");
        assertThat(client.frame())
                .isEqualTo(json("{'action':'publish','topic':'some_topic','data':"
                        + "{'name': 'name_of_data', 'type': 'type_of_data', 'data': 'your_data_here'}}"));
        client.send("""
                {
                  "action": "unsubscribe",
                  "topic": "some_topic"
                }""").hearsNothing();
        robotPublishes("some_topic", "1");
        client.hearsNothing();
    }

    @Test
    void repliesKeepTheirOrderThoughManyTopicsHaveToBeLookedAt() throws Exception {
        start();
        for (int i = 0; i < 300; i++) {
            test.broker().publish("t/" + i + "/a", Payload.of("n", "float", "1"));
        }
        ContractClient client = connect();
        client.send(with("'id':1", subscribe("t/+/b")));
        client.send(with("'id':2", subscribe("t/+/+")));
        client.send(with("'id':3", unsubscribe("t/+/+")));
        client.send(with("'id':4", message("t/0/b", "2")));

        List<String> frames = client.frames();
        assertThat(frames)
                .filteredOn(frame -> frame.contains("\"ack\""))
                .satisfiesExactly(
                        one -> assertThat(one).contains("\"id\":1", "\"known\":false"),
                        two -> assertThat(two).contains("\"id\":2", "\"known\":true"),
                        three -> assertThat(three).contains("\"id\":3"),
                        four -> assertThat(four).contains("\"id\":4", "\"subscribers\":1"));
        assertThat(frames.get(frames.size() - 1)).isEqualTo(message("t/0/b", "2"));
    }

    @Test
    void theAckComesFirstThenTheRetainedValueThenWhatIsPublished() throws Exception {
        start();
        robotPublishes("pose", "1");
        ContractClient client = connect();

        client.send(with("'id':1", subscribe("pose")));
        test.settle();
        robotPublishes("pose", "2");
        robotPublishes("pose", "3");

        assertThat(client.frames())
                .containsExactly(
                        json("{'action':'ack','id':1,'topic':'pose','known':true,'options':{'retained':true}}"),
                        message("pose", "1"),
                        message("pose", "2"),
                        message("pose", "3"));
    }

    @Test
    void lateSubscribersGetTheLastValueOnly() throws Exception {
        start();
        robotPublishes("pose", "1");
        connect().send(message("pose", "2"));
        test.settle();

        assertThat(subscriber("pose").frame()).isEqualTo(message("pose", "2"));
        assertThat(subscriber("#").frame()).isEqualTo(message("pose", "2"));
    }

    @Test
    void retainedValuesThatDoNotFitTheQueueComeEachOnceAndBeforeLiveOnes() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(16)));
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            robotPublishes("joint/" + i, "0");
            before.add(message("joint/" + i, "0"));
        }

        ContractClient client = connect().send(subscribe("joint/+"));
        assertThat(client.frames(300)).containsExactlyInAnyOrderElementsOf(before);
        robotPublishes("joint/299", "1");
        assertThat(client.frame()).isEqualTo(message("joint/299", "1"));
    }

    @Test
    void aTopicThatNobodyHasPublishedToIsLegalAndNotKnown() throws Exception {
        start();
        ContractClient client = connect();

        assertThat(client.ask(with("'id':'a'", subscribe("batery"))))
                .isEqualTo(
                        json("{'action':'ack','id':'a','topic':'batery','known':false,'options':{'retained':true}}"));
        robotPublishes("batery", "1");
        assertThat(client.frame()).isEqualTo(message("batery", "1"));
        assertThat(connect().ask(with("'id':'b','options':{'retained':false}", subscribe("+"))))
                .contains("\"known\":true");
    }

    @Test
    void whoWantsNoRetainedValueGetsNone() throws Exception {
        start();
        robotPublishes("pose", "1");
        ContractClient client = connect();

        assertThat(client.ask(with("'id':1,'options':{'retained':false}", subscribe("pose"))))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'pose','known':true,'options':{'retained':false}}"));
        robotPublishes("pose", "2");
        assertThat(client.frame()).isEqualTo(message("pose", "2"));
    }

    @Test
    void subscribingAgainSendsTheRetainedValueOnlyIfItIsAskedFor() throws Exception {
        start();
        robotPublishes("pose", "1");
        ContractClient client = subscriber("pose");
        assertThat(client.frame()).isEqualTo(message("pose", "1"));

        client.send(subscribe("pose")).hearsNothing();
        assertThat(client.ask(with("'id':2", subscribe("pose"))))
                .isEqualTo(json("{'action':'ack','id':2,'topic':'pose','known':true,'options':{'retained':false}}"));
        assertThat(client.ask(with("'options':{'retained':true}", subscribe("pose"))))
                .isEqualTo(message("pose", "1"));
        robotPublishes("pose", "2");
        assertThat(client.frame()).isEqualTo(message("pose", "2"));
    }

    @Test
    void whoSubscribesAfterUnsubscribingIsNewAgain() throws Exception {
        start();
        robotPublishes("pose", "1");
        ContractClient client = subscriber("pose");
        client.send(unsubscribe("pose")).send(subscribe("pose"));

        assertThat(client.frames()).containsExactly(message("pose", "1"), message("pose", "1"));
    }

    @Test
    void unsubscribeIsAckedIfItHasAnIdAndNothingComesAfterIt() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        assertThat(client.ask(with("'id':9", unsubscribe("pose"))))
                .isEqualTo(json("{'action':'ack','id':9,'topic':'pose'}"));
        robotPublishes("pose", "1");
        client.hearsNothing();
    }

    @Test
    void unsubscribeOfWhatIsNotSubscribedIsAnErrorOnlyIfItHasAnId() throws Exception {
        start();
        ContractClient client = subscriber("joints/#");

        client.send(unsubscribe("pose")).hearsNothing();
        assertError(
                client.ask(with("'id':9", unsubscribe("joints/left"))),
                "'id':9,'request':'unsubscribe','topic':'joints/left',",
                "not_subscribed",
                404);
    }

    @Test
    void commandsAreNeverRetained() throws Exception {
        start(settings -> settings.topic(GO));
        connect().send(json("{'action':'publish','topic':'go','data':{'name':'go','type':'string','data':'home'}}"));
        test.broker().publish(GO, "back");
        test.settle();
        ContractClient client = connect();

        assertThat(client.ask(with("'id':1,'options':{'retained':true}", subscribe("go"))))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'go','known':true,'options':{'retained':false}}"));
        subscriber("#").hearsNothing();
        test.broker().publish(GO, "on");
        assertThat(client.frame()).contains("\"on\"");
    }

    @Test
    void aCommandThatWasSentBeforeAListenerListenedNeverReachesIt() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        start(settings -> settings.topic(GO).callbackExecutor(Runnable::run));
        ContractClient client = connect();
        client.send(json("{'action':'publish','topic':'go','data':{'name':'go','type':'string','data':'early'}}"));
        test.settle();

        test.broker().subscribe(GO, heard::add, SubscriptionSettings::retained);
        client.send(json("{'action':'publish','topic':'go','data':{'name':'go','type':'string','data':'late'}}"));

        test.awaitThat(() -> assertThat(heard).isNotEmpty());
        assertThat(heard).containsExactly("late");
    }

    @Test
    void anAckShowsOnlyOptionsThatMeanSomething() throws Exception {
        start();
        String options = "'options':{'colour':'red','retained':true,'min_level':'WARN','new':{}}";

        assertThat(connect().ask(with("'id':1," + options, subscribe("pose"))))
                .contains(json("'options':{'retained':true}}"));
        assertThat(connect().ask(with("'id':2," + options, subscribe("server_logs"))))
                .contains(json("'options':{'retained':true,'min_level':'WARN'}}"));
    }
}
