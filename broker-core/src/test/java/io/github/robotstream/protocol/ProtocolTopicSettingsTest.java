package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.testing.BinaryMessages;
import io.github.robotstream.testing.FakeStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of the settings of a topic that robot code declared. */
class ProtocolTopicSettingsTest extends ProtocolContract {
    private static final Topic<Integer> POSE = Topic.state("pose", "int", Integer.class);
    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");

    private static String subscribe(String topic, String options) {
        return json("{'action':'subscribe','topic':'" + topic + "','options':{" + options + "}}");
    }

    private static int number(String frame) {
        return Integer.parseInt(frame.replaceAll(".*\"data\":(\\d+)}.*", "$1"));
    }

    /** A second of messages at 200 Hz, the numbers from 1, and the time until the last is due. */
    private List<Integer> hearsOfASecond(ContractClient client) throws Exception {
        test.settle();
        List<String> frames = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            test.broker().publish(POSE, i);
            test.settle();
            test.advance(Duration.ofMillis(5));
        }
        frames.addAll(client.frames());
        test.advance(Duration.ofMillis(100));
        frames.addAll(client.frames());
        return frames.stream().map(ProtocolTopicSettingsTest::number).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pose", "+", "#"})
    void noClientIsSentMoreThanTheTopicsRateAndEachTheNewest(String filter) throws Exception {
        start(settings -> settings.topic(POSE, topic -> topic.maxClientRate(20)));
        ContractClient client = connect().send(subscribe(filter));
        assertThat(hearsOfASecond(client)).hasSizeBetween(19, 22).isSorted().endsWith(200);
        assertThat(test.broker().stats().skipped()).isPositive();
        assertThat(test.broker().stats().dropped()).isZero();
    }

    @Test
    void aBurstIsThinnedTooAndOtherTopicsAreNot() throws Exception {
        start(settings -> settings.topic(POSE, topic -> topic.maxClientRate(1)));
        ContractClient client = connect().send(subscribe("#"));
        test.settle();
        for (int i = 1; i <= 10; i++) {
            test.broker().publish(POSE, i);
        }
        robotPublishes("other", "11");
        robotPublishes("other", "12");
        assertThat(client.frames())
                .extracting(ProtocolTopicSettingsTest::number)
                .containsExactly(1, 11, 12);
        test.advance(Duration.ofSeconds(1));
        assertThat(client.frame()).contains("\"data\":10}");
    }

    @Test
    void aClientMayAskForLessAndNotForMoreAndTheAckSaysWhatItGets() throws Exception {
        start(settings -> settings.topic(POSE, topic -> topic.maxClientRate(20)));
        ContractClient client = connect();
        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"rate_hz\":20}");
        assertThat(client.ask(with("'id':2", subscribe("pose", "'rate_hz':100"))))
                .contains("\"rate_hz\":20}");
        assertThat(client.ask(with("'id':3", subscribe("#", "'rate_hz':100")))).contains("\"rate_hz\":100}");
        assertThat(connect().ask(with("'id':4", subscribe("other")))).doesNotContain("rate_hz");

        ContractClient slow = connect();
        assertThat(slow.ask(with("'id':5", subscribe("pose", "'rate_hz':10")))).contains("\"rate_hz\":10}");
        assertThat(hearsOfASecond(slow)).hasSizeBetween(9, 12).endsWith(200);
    }

    @Test
    void aSubscriptionThatIsToLoseNothingIsSentTheTopicsRateAndKeepsItsConnection() throws Exception {
        start(settings -> settings.topic(POSE, topic -> topic.maxClientRate(20)));
        ContractClient client = connect().send(subscribe("pose", "'policy':'reliable'"));
        assertThat(hearsOfASecond(client)).hasSizeBetween(19, 22).endsWith(200);
    }

    @Test
    void robotCodeHearsEverything() throws Exception {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        start(settings -> settings.topic(POSE, topic -> topic.maxClientRate(20)).subscribe(POSE, heard::add));
        hearsOfASecond(connect());
        test.await(() -> heard.size() == 200);
    }

    @Test
    void aTopicThatIsNotRetainedGivesNobodyItsLastValue() throws Exception {
        FakeStore store = new FakeStore();
        start(settings -> settings.topic(POSE, topic -> topic.retained(false)).store(store));
        test.broker().publish(POSE, 1);
        robotPublishes("other", "2");

        ContractClient client = connect();
        assertThat(client.ask(with("'id':1", subscribe("pose"))))
                .contains("\"known\":true,\"options\":{\"retained\":false}");
        List<String> heard = new CopyOnWriteArrayList<>();
        test.broker()
                .subscribe(TopicFilter.of("#"), message -> heard.add(message.topic()), SubscriptionSettings::retained);
        client.send(subscribe("#"));
        assertThat(client.frames()).containsExactly(message("other", "2"));
        test.await(() -> heard.contains("other"));
        assertThat(heard).doesNotContain("pose");
        assertThat(test.broker().latest(POSE)).isEmpty();
        test.await(() -> stored(store).contains("other"));
        assertThat(stored(store)).doesNotContain("pose");
    }

    @Test
    void noClientPublishesWhatIsTheRobotsWhateverItsTokenAllows() throws Exception {
        start(settings -> settings.topic(POSE, TopicSettings::robotOnly).topic(CAMERA, TopicSettings::robotOnly));
        ContractClient client = subscriber("#");
        String request = with("'id':1", message("pose", "1").replace("float", "int"));
        String frame = client.ask(request);
        assertError(frame, "'id':1,'request':'publish','topic':'pose',", "forbidden", 403);
        assertThat(frame).contains("belongs to the robot");
        assertThat(client.ask(with("'id':2", message("pose", "true"))))
                .as("what would have fitted is not told")
                .contains("forbidden");
        client.sendBinary(BinaryMessages.of(
                json("{'action':'publish','topic':'camera','data':{'name':'n','type':'image/jpeg'}}"), new byte[1]));
        assertThat(client.frame()).contains("forbidden");

        test.broker().publish(POSE, 2);
        assertThat(client.frame()).contains("\"data\":2}");
    }

    @Test
    void theListOfTopicsShowsThatNoClientPublishesThere() throws Exception {
        start(settings -> settings.topic(POSE, TopicSettings::robotOnly));
        assertThat(connect().ask(json("{'action':'topics','id':1}")))
                .contains(json("{'name':'pose','type':'int','kind':'state','rights':['subscribe'],"));
    }

    private static List<String> stored(FakeStore store) {
        return store.batches().stream()
                .flatMap(List::stream)
                .map(Message::topic)
                .toList();
    }
}
