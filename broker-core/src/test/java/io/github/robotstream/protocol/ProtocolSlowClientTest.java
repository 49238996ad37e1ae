package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.RequestRate;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that do not read, or send faster than they are served. */
class ProtocolSlowClientTest extends ProtocolContract {
    private static final int SENT = 400;
    /** More than all buffers between a broker and a client that does not read. */
    private static final String LARGE = "\"" + "x".repeat(10_000) + "\"";

    private void startWithShortQueues() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(16)));
    }

    /** The number of the message with which one was lost for the first time. */
    private int publishMany(String topic) {
        int before = 0;
        for (int i = 0; i < SENT; i++) {
            test.broker().publish(topic, Payload.of(topic, "text", "[" + i + "," + LARGE + "]"));
            test.step();
            before += test.broker().stats().dropped() == 0 ? 1 : 0;
        }
        return before;
    }

    private static int number(String frame) {
        Matcher number = Pattern.compile("\"data\":\\[(\\d+),").matcher(frame);
        assertThat(number.find()).isTrue();
        return Integer.parseInt(number.group(1));
    }

    private static long dropped(List<String> log) {
        return log.stream()
                .filter(entry -> entry.contains("messages_dropped"))
                .mapToLong(entry -> Long.parseLong(entry.replaceAll(".*\"dropped\":(\\d+).*", "$1")))
                .sum();
    }

    @Test
    void aClientThatDoesNotReadLosesTheOldestAndOthersLoseNothing() throws Exception {
        startWithShortQueues();
        ContractClient slow = subscriber("image");
        ContractClient quick = subscriber("image");
        slow.stopReading();
        for (int i = 0; i < SENT; i++) {
            robotPublishes("image", "[" + i + "," + LARGE + "]");
        }

        assertThat(quick.frames())
                .extracting(ProtocolSlowClientTest::number)
                .hasSize(SENT)
                .isSorted();
        int lost = Math.toIntExact(test.broker().stats().dropped());
        assertThat(lost).isPositive();
        slow.resumeReading();
        List<Integer> read = slow.frames(SENT - lost).stream()
                .map(ProtocolSlowClientTest::number)
                .toList();
        assertThat(read).isSorted().doesNotHaveDuplicates().startsWith(0).endsWith(SENT - 2, SENT - 1);
    }

    @Test
    void orTheNewestIfItAsksForThat() throws Exception {
        startWithShortQueues();
        ContractClient slow =
                connect().send(json("{'action':'subscribe','topic':'image','options':{'overflow':'drop_newest'}}"));
        test.settle();
        slow.stopReading();
        int firstLost = publishMany("image");

        int lost = Math.toIntExact(test.broker().stats().dropped());
        assertThat(lost).isPositive();
        slow.resumeReading();
        assertThat(slow.frames(SENT - lost))
                .extracting(ProtocolSlowClientTest::number)
                .isSorted()
                .startsWith(IntStream.range(0, firstLost).boxed().toArray(Integer[]::new))
                .doesNotContain(firstLost); // later ones may find room that the client's kernel has made meanwhile
    }

    @Test
    void underLatestLessIsOnItsWayToAClientThatDoesNotRead() throws Exception {
        start();
        ContractClient slow = connect();
        slow.send(with("'options':{'policy':'latest'}", subscribe("joints/#")));
        robotPublishes("joints/first", "1");
        assertThat(slow.frames(1)).hasSize(1);
        slow.stopReading();
        for (int i = 0; i < 100; i++) {
            robotPublishes("joints/" + i, "\"" + "x".repeat(200) + "\"");
        }

        assertThat(test.broker().sessions().get(0).delivered()).isBetween(2L, 30L); // of others 60 are
        assertThat(test.broker().stats().dropped()).isZero();
        slow.resumeReading();
        assertThat(slow.frames(100)).hasSize(100);
    }

    @Test
    void underLatestNothingIsLostWhileARoundTripShowsHowFastAClientReads() throws Exception {
        start();
        ContractClient client = connect();
        client.send(with("'options':{'policy':'latest'}", subscribe("pose")));
        robotPublishes("pose", "0");
        assertThat(client.frames(1)).hasSize(1);
        client.stopReading();
        for (int i = 0; i < 30; i++) {
            test.broker().publish("pose", Payload.of("pose", "text", "\"" + "x".repeat(200) + "\""));
            test.step();
        }

        assertThat(test.broker().stats().skipped()).isPositive();
        assertThat(test.broker().stats().dropped()).isZero();
    }

    @Test
    void whatIsLostIsToldAtOnceAndInTheEndToTheLastMessage() throws Exception {
        startWithShortQueues();
        ContractClient logs = subscriber("server_logs");
        ContractClient slow = subscriber("image");
        slow.stopReading();
        logs.frames();

        publishMany("image");

        assertThat(logs.frames())
                .singleElement()
                .asString()
                .contains(json("'level':'WARN','severity':13,'event':'messages_dropped',"
                        + "'message':'c-2 fell behind on image','client':'c-2','subject':'anonymous','topic':'image',"
                        + "'attrs':{'dropped':1,'cause':'queue_full'}}"));
        for (int second = 0; second < 11; second++) {
            test.advance(Duration.ofSeconds(1)); // what is too old by then is lost as well
        }
        assertThat(dropped(logs.frames())).isEqualTo(test.broker().stats().dropped() - 1);
    }

    @Test
    void aReaderOfTheLogThatIsSlowMakesNoLogAboutItself() throws Exception {
        startWithShortQueues();
        ContractClient slow = subscriber("server_logs");
        slow.stopReading();
        ContractClient quick = subscriber("server_logs");
        quick.frames();
        for (int i = 0; i < 400; i++) {
            test.broker().log(LogEntry.of(Level.INFO, "event_" + i, "x".repeat(2_000)));
            test.settle();
        }
        assertThat(quick.frames(400)).noneMatch(entry -> entry.contains("messages_dropped"));
        assertThat(test.broker().sessions())
                .filteredOn(session -> session.id().equals("c-1"))
                .singleElement()
                .satisfies(session -> assertThat(session.dropped()).isPositive());

        test.advance(Duration.ofSeconds(20)); // sooner than it is closed for reading nothing
        quick.hearsNothing();
    }

    @Test
    void aClientThatSendsFasterThanItIsServedLosesNothing() throws Exception {
        start(settings -> settings.limits(
                limits -> limits.queuedMessagesPerSession(10_000).requestRate(RequestRate.unlimited())));
        ContractClient subscriber = subscriber("pose");
        ContractClient quick = connect();
        for (int i = 0; i < 3_000; i++) {
            quick.send(message("pose", "" + i));
        }

        List<String> frames = subscriber.frames(3_000);
        for (int i = 0; i < 3_000; i++) {
            assertThat(frames.get(i)).isEqualTo(message("pose", "" + i));
        }
        quick.hearsNothing();
    }

    @Test
    void aClientThatDoesNotReadItsRepliesIsServedNoFurtherAndLosesNone() throws Exception {
        start(settings -> settings.limits(limits -> limits.requestRate(RequestRate.unlimited())));
        ContractClient deaf = connect();
        deaf.stopReading();
        String topic = "t".repeat(200);
        for (int i = 0; i < 1_500; i++) {
            deaf.send(with("'id':" + i, message(topic, "1")));
            test.step();
        }
        assertThat(test.broker().stats().published()).isLessThan(1_500);

        deaf.resumeReading();
        List<String> replies = deaf.frames(1_500);
        for (int i = 0; i < 1_500; i++) {
            assertThat(replies.get(i)).startsWith(json("{'action':'ack','id':" + i + ","));
        }
    }
}
