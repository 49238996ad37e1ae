package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.Priority;
import io.github.robotstream.Topic;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics of which robot code says that their messages go before others, or after. */
class ProtocolPriorityTest extends ProtocolContract {
    private static final String LARGE = "\"" + "x".repeat(10_000) + "\"";
    private static final Topic<Integer> STOP = Topic.command("stop", "int", Integer.class);
    private static final Topic<Integer> SCAN = Topic.state("scan", "int", Integer.class);

    private void startWithPriorities() throws Exception {
        start(settings -> settings.topic(
                        STOP, stop -> stop.priority(Priority.HIGH).uncheckedFromClients())
                .topic(SCAN, scan -> scan.priority(Priority.LOW))
                .limits(limits -> limits.queuedMessagesPerSession(200)));
    }

    private void publishImages(int first, int count) {
        for (int i = first; i < first + count; i++) {
            test.broker().publish("image", Payload.of("image", "text", "[" + i + "," + LARGE + "]"));
            test.step();
        }
    }

    private static List<String> kinds(List<String> frames) {
        return frames.stream().map(ProtocolPriorityTest::kind).toList();
    }

    private static String kind(String frame) {
        Matcher matcher =
                Pattern.compile("\"topic\":\"(\\w+)\".*\"data\":\\[?(\\d+)").matcher(frame);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1) + " " + matcher.group(2);
    }

    @Test
    void aStopPassesAQueueOfImagesAndAScanWaitsForThem() throws Exception {
        startWithPriorities();
        ContractClient client = subscriber("#");
        client.stopReading();
        test.broker().publish(SCAN, 0);
        test.step();
        publishImages(0, 150);
        int before = Math.toIntExact(150 - test.broker().sessions().get(0).queuedMessages());
        test.broker().publish(SCAN, 1);
        test.broker().publish(STOP, 2);
        test.broker().publish(STOP, 3);
        test.step();
        client.resumeReading();

        List<String> got = kinds(client.frames(154));
        assertThat(got.indexOf("stop 2")).isLessThanOrEqualTo(before + 1);
        assertThat(got.indexOf("stop 3")).isEqualTo(got.indexOf("stop 2") + 1);
        assertThat(got).endsWith("image 149", "scan 1");
        assertThat(got.stream().filter(kind -> kind.startsWith("image"))).hasSize(150);
    }

    @Test
    void aFullQueueLosesWhatIsLessImportantFirst() throws Exception {
        startWithPriorities();
        ContractClient client = subscriber("#");
        client.stopReading();
        for (int i = 0; i < 20; i++) {
            test.broker().publish(STOP, i);
            test.step();
        }
        publishImages(0, 400);
        client.resumeReading();
        int sent = Math.toIntExact(420 - test.broker().stats().dropped());

        assertThat(kinds(client.frames(sent)).stream().filter(kind -> kind.startsWith("stop")))
                .hasSize(20);
    }

    @Test
    void theAckOfASubscriptionComesBeforeItsUrgentMessages() throws Exception {
        startWithPriorities();
        ContractClient client = subscriber("image");
        client.stopReading();
        publishImages(0, 150);
        client.send(with("'id':1", subscribe("stop")));
        test.await(() -> {
            assertThat(test.broker().sessions().get(0).subscriptions()).contains("stop");
            return true;
        });
        test.broker().publish(STOP, 1);
        test.step();
        client.resumeReading();

        List<String> frames = client.frames(152);
        List<String> ordered = frames.stream()
                .filter(frame -> frame.contains("\"stop\""))
                .map(frame -> frame.contains("\"ack\"") ? "ack" : "message")
                .toList();
        assertThat(ordered).containsExactly("ack", "message");
    }

    @Test
    void urgentMessagesKeepTheirOrderWhereverTheSocketStops() throws Exception {
        startWithPriorities();
        ContractClient client = subscriber("#");
        client.stopReading();
        for (int i = 0; i < 150; i++) {
            publishImages(i, 1);
            test.broker().publish(STOP, i);
            test.step();
        }
        client.resumeReading();

        List<String> stops = kinds(client.frames(300)).stream()
                .filter(kind -> kind.startsWith("stop"))
                .toList();
        assertThat(stops)
                .containsExactlyElementsOf(
                        IntStream.range(0, 150).mapToObj(i -> "stop " + i).toList());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aClientThatDoesNotReadKeepsTheBrokerNotBusyThoughUrgentMessagesAndLastValuesWait() throws Exception {
        startWithPriorities();
        ContractClient client = subscriber("#");
        client.stopReading();
        publishImages(0, 150);
        for (int i = 0; i < 40; i++) {
            test.broker().publish("stop", Payload.of("stop", "int", LARGE));
            test.step();
        }
        client.send(with("'id':1,'sub':'again'", subscribe("image")));
        test.await(() -> {
            assertThat(test.broker().sessions().get(0).subscriptions()).contains("image");
            return true;
        });
        client.resumeReading();
        assertThat(client.frames().get(0)).contains("image");
    }
}
