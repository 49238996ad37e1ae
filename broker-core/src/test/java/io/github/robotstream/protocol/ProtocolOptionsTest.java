package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may say in the options of a subscribe, and what comes of it. */
class ProtocolOptionsTest extends ProtocolContract {
    private static final String LARGE = "\"" + "x".repeat(10_000) + "\"";
    private static final Topic<String> GO = Topic.command("go", "string", String.class);

    private static String subscribe(String topic, String options) {
        return json("{'action':'subscribe','topic':'" + topic + "','options':{" + options + "}}");
    }

    private void publish(String topic, int first, int count) {
        for (int i = first; i < first + count; i++) {
            test.broker().publish(topic, Payload.of(topic, "text", "[" + i + "," + LARGE + "]"));
            test.step();
        }
    }

    private static long member(String frame, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":(-?\\d+)").matcher(frame);
        assertThat(matcher.find()).as("%s in %s", name, frame).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static int number(String frame) {
        Matcher number = Pattern.compile("\"data\":\\[?(\\d+)").matcher(frame);
        assertThat(number.find()).isTrue();
        return Integer.parseInt(number.group(1));
    }

    private static long sum(List<String> frames, String name) {
        return frames.stream().mapToLong(frame -> member(frame, name)).sum();
    }

    @Test
    void metaTellsNumbersAndTimes() throws Exception {
        start();
        ContractClient publisher = connect();
        test.advance(Duration.ofMillis(83));
        robotPublishes("pose", "1");
        ContractClient client = connect().send(subscribe("pose", "'meta':true"));
        test.advance(Duration.ofMillis(17));
        publisher.send(message("pose", "2"));
        test.settle();

        List<String> frames = client.frames();
        String begin = json("{'action':'publish','topic':'pose','data':");
        String epoch = "\"epoch\":\"[a-z0-9]+\"";
        assertThat(frames).hasSize(2);
        assertThat(frames.get(0))
                .matches(
                        Pattern.quote(begin + data("pose", "1") + ",\"seq\":1,")
                                + epoch
                                + json(
                                        ",'ts':1795498200206000,'mono':83000,'dropped':0,'skipped':0,'retained':true,'from':'robot'}"));
        assertThat(frames.get(1))
                .matches(Pattern.quote(begin + data("pose", "2") + ",\"seq\":2,")
                        + epoch
                        + json(",'ts':1795498200223000,'mono':100000,'dropped':0,'skipped':0,'retained':false,"
                                + "'from':'anonymous'}"));
    }

    /** A client that thins what waits for it by age, as the broker does, is to leave commands alone, as the broker does. */
    @Test
    void metaTellsOfACommandThatItIsOneWhateverTheFilter() throws Exception {
        start(settings -> settings.topic(GO));
        ContractClient client = connect().send(subscribe("+", "'meta':true"));
        test.settle();
        test.broker().publish(GO, "first");
        robotPublishes("pose", "1");
        test.settle();
        List<String> frames = client.frames();
        assertThat(frames).hasSize(2);
        assertThat(frames.get(0)).endsWith(json(",'from':'robot','kind':'command'}"));
        assertThat(frames.get(1)).endsWith(json(",'from':'robot'}"));
    }

    @Test
    void anAckShowsTheOptionsInEffect() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(100)));
        String options =
                "'policy':'queue','queue':2000,'overflow':'drop_newest','rate_hz':2.5,'max_age_ms':200,'meta':true";

        assertThat(connect().ask(with("'id':1", subscribe("pose", options))))
                .contains(json("'options':{'retained':true,'policy':'queue','queue':100,'overflow':'drop_newest',"
                        + "'rate_hz':2.5,'max_age_ms':200,'meta':true}}"));
    }

    @Test
    void severalSubscriptionsToATopicAreToldApartByTheirNames() throws Exception {
        start();
        ContractClient client = connect();
        String plot = with("'id':1,'sub':'plot'", subscribe("pose"));
        assertThat(client.ask(plot)).contains(json("'id':1,'topic':'pose','sub':'plot','known':false"));
        client.send(with("'sub':'recorder'", subscribe("pose"))).send(subscribe("#"));
        robotPublishes("pose", "1");

        String body = message("pose", "1");
        String open = body.substring(0, body.length() - 1);
        assertThat(client.frames())
                .containsExactlyInAnyOrder(open + json(",'sub':'plot'}"), open + json(",'sub':'recorder'}"), body);

        assertThat(client.ask(with("'id':2,'sub':'plot'", unsubscribe("pose"))))
                .isEqualTo(json("{'action':'ack','id':2,'topic':'pose','sub':'plot'}"));
        robotPublishes("pose", "2");
        assertThat(client.frames()).hasSize(2).noneMatch(frame -> frame.contains("plot"));
        assertError(
                client.ask(with("'id':3", unsubscribe("pose"))),
                "\"id\":3,\"request\":\"unsubscribe\",\"topic\":\"pose\",",
                "not_subscribed",
                404);
    }

    @Test
    void aPublisherThatWantsNoEchoGetsNoneUnderAnyName() throws Exception {
        start();
        ContractClient client = connect().send(with("'sub':'plot'", subscribe("pose")));
        client.send(with("'echo':false", message("pose", "1")));
        client.hearsNothing();
    }

    /** Of 200 messages a second; but for the first, the rates are no divisors of that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"20|'queue'", "20|'latest'", "30|'queue'", "60|'queue'", "150|'queue'", "150|'latest'"})
    void aRateIsKeptOverASecondAndEndsOnTheNewestValue(int rate, String policy) throws Exception {
        start();
        ContractClient client =
                connect().send(subscribe("pose", "'rate_hz':" + rate + ",'meta':true,'policy':" + policy));
        test.settle();
        List<String> frames = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            robotPublishes("pose", String.valueOf(i));
            test.advance(Duration.ofMillis(5));
        }
        frames.addAll(client.frames());
        assertThat(frames).hasSizeBetween(rate - rate / 20, rate + rate / 20);
        test.advance(Duration.ofMillis(50));
        frames.addAll(client.frames());

        assertThat(number(frames.get(frames.size() - 1))).isEqualTo(200);
        assertThat(sum(frames, "skipped")).isEqualTo(200 - frames.size());
        assertThat(sum(frames, "dropped")).isZero();
        assertThat(test.broker().stats().dropped()).isZero();
    }

    @Test
    void eachTopicOfAFilterHasTheRateForItself() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("joints/#", "'rate_hz':1"));
        robotPublishes("joints/a", "1");
        robotPublishes("joints/b", "2");
        robotPublishes("joints/a", "3");
        assertThat(client.frames()).extracting(ProtocolOptionsTest::number).containsExactly(1, 2);

        test.advance(Duration.ofSeconds(1));
        assertThat(client.frames()).extracting(ProtocolOptionsTest::number).containsExactly(3);
    }

    @Test
    void anotherRateSendsWhatTheFormerHeldBack() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("pose", "'rate_hz':0.01"));
        robotPublishes("pose", "1");
        robotPublishes("pose", "2");
        client.send(subscribe("pose"));
        assertThat(client.frames()).extracting(ProtocolOptionsTest::number).containsExactly(1, 2);
    }

    @Test
    void whatOneSubscriptionHoldsBackComesBeforeWhatAnotherGets() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("#", "'rate_hz':1"));
        robotPublishes("pose", "1");
        robotPublishes("pose", "2");
        client.send(subscribe("pose", "'retained':false"));
        test.settle();
        robotPublishes("pose", "3");
        test.advance(Duration.ofSeconds(2));
        assertThat(client.frames()).extracting(ProtocolOptionsTest::number).containsExactly(1, 2, 3);
    }

    @Test
    void whatASubscriptionHeldBackAtItsEndComesByAnotherThatWantsIt() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("pose", "'rate_hz':1")).send(subscribe("#"));
        test.settle();
        robotPublishes("pose", "1");
        robotPublishes("pose", "2");
        client.send(unsubscribe("pose"));
        test.settle();
        robotPublishes("pose", "3");
        assertThat(client.frames()).extracting(ProtocolOptionsTest::number).containsExactly(1, 2, 3);
    }

    @Test
    void theNewestTakesNoPlaceBeforeWhatAnotherSubscriptionLeft() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("#", "'policy':'latest'"));
        test.settle();
        client.stopReading();
        publish("image", 0, 100);
        publish("pose", 100, 1);
        client.send(subscribe("pose", "'retained':false"));
        test.await(() -> {
            assertThat(test.broker().sessions().get(0).subscriptions()).contains("pose");
            return true;
        });
        publish("pose", 101, 1);
        client.send(unsubscribe("pose"));
        test.await(() -> {
            assertThat(test.broker().sessions().get(0).subscriptions()).doesNotContain("pose");
            return true;
        });
        publish("pose", 102, 1);
        client.resumeReading();

        assertThat(client.frames()).extracting(ProtocolOptionsTest::number).endsWith(100, 101, 102);
    }

    @Test
    void latestKeepsTheNewestOfEachTopicInItsPlaceAndTellsWhatWasLost() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("#", "'policy':'latest','meta':true"));
        test.settle();
        client.stopReading();
        publish("image", 0, 400);
        publish("pose", 400, 1);
        publish("image", 401, 10);
        publish("pose", 411, 1);

        client.resumeReading();
        test.awaitThat(() -> {
            test.advance(Duration.ofMillis(1));
            assertThat(test.broker().sessions().get(0).queuedMessages()).isZero();
        });
        List<String> frames = client.frames();
        List<Integer> numbers = frames.stream().map(ProtocolOptionsTest::number).toList();
        assertThat(numbers)
                .endsWith(410, 411)
                .doesNotContain(400)
                .doesNotHaveDuplicates()
                .hasSizeLessThan(400);
        assertThat(sum(frames, "dropped")).isEqualTo(412 - frames.size());
        assertThat(test.broker().stats().droppedByCause()).containsEntry("superseded", sum(frames, "dropped"));
    }

    @Test
    void dataOlderThanTheClientWantsIsDroppedAndNeverDeliveredLate() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("image", "'max_age_ms':200,'meta':true"));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);
        test.clock.advance(Duration.ofMillis(201));
        publish("image", 300, 1);
        long taken = 301L - test.broker().sessions().get(0).queuedMessages();

        client.resumeReading();
        List<String> frames = client.frames((int) taken + 1);
        assertThat(number(frames.get(frames.size() - 1))).isEqualTo(300);
        assertThat(sum(frames, "dropped")).isEqualTo(301 - frames.size());
    }

    @Test
    void aRetainedValueIsNeverTooOld() throws Exception {
        start();
        robotPublishes("pose", "1");
        test.advance(Duration.ofMinutes(1));
        ContractClient client = connect().send(subscribe("pose", "'max_age_ms':5"));
        assertThat(client.frame()).isEqualTo(message("pose", "1"));
    }

    @Test
    void aSubscriptionMayBoundItsOwnQueue() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("image", "'policy':'queue','queue':3,'meta':true"));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);
        assertThat(test.broker().sessions().get(0).queuedMessages()).isEqualTo(3);

        client.resumeReading();
        int sent = Math.toIntExact(300 - test.broker().stats().dropped());
        List<String> frames = client.frames(sent);
        assertThat(frames).extracting(ProtocolOptionsTest::number).endsWith(297, 298, 299);
        assertThat(sum(frames, "dropped")).isEqualTo(300 - sent);
    }

    @Test
    void aQueueThatIsFullLosesTheNewMessageWhereTheClientSaysSo() throws Exception {
        start();
        String options = "'policy':'queue','queue':3,'overflow':'drop_newest','meta':true";
        ContractClient client = connect().send(subscribe("image", options));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);

        client.resumeReading();
        int sent = Math.toIntExact(300 - test.broker().stats().dropped());
        List<String> frames = client.frames(sent);
        assertThat(frames)
                .extracting(ProtocolOptionsTest::number)
                .containsExactlyElementsOf(IntStream.range(0, sent).boxed().toList());
        assertThat(sum(frames, "dropped")).isEqualTo(300 - sent);
    }

    @Test
    void reliableClosesRatherThanLose() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("image", "'policy':'reliable'"));
        ContractClient other = subscriber("image");
        client.stopReading();
        for (int i = 0; i < 700; i++) {
            robotPublishes("image", "[" + i + "," + LARGE + "]");
        }
        client.resumeReading();

        assertThat(client.closeCode()).isEqualTo(4429);
        assertThat(client.closeWord()).isEqualTo("too_slow");
        assertThat(other.frames()).hasSize(700);
    }

    @Test
    void reliableClosesAsWellWhereItAloneHasFilledTheQueue() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(20)));
        ContractClient client = connect().send(subscribe("image", "'policy':'reliable'"));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);
        client.resumeReading();

        assertThat(client.closeCode()).isEqualTo(4429);
    }

    @Test
    void whatIsToBeReliableIsNotPushedOutByOthers() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(100)));
        ContractClient client =
                connect().send(subscribe("events", "'policy':'reliable'")).send(subscribe("image"));
        test.settle();
        client.stopReading();
        publish("image", 0, 200);
        publish("events", 1000, 50);
        publish("image", 200, 200);
        client.resumeReading();

        int sent = Math.toIntExact(450 - test.broker().stats().dropped());
        assertThat(client.frames(sent).stream().filter(frame -> frame.contains("events")))
                .extracting(ProtocolOptionsTest::number)
                .hasSize(50)
                .isSorted();
    }

    @Test
    void aValueThatANewerOneHasFollowedIsDroppedAfterTwoSecondsAndTheNewestIsNot() throws Exception {
        start(settings -> settings.topic(GO));
        ContractClient client =
                connect().send(subscribe("image")).send(subscribe("rare")).send(subscribe("go"));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);
        publish("rare", 300, 1);
        test.broker().publish(GO, "first");
        test.broker().publish(GO, "second");
        test.step();
        int waiting = Math.toIntExact(test.broker().sessions().get(0).queuedMessages());
        test.clock.advance(Duration.ofMillis(2001));
        client.resumeReading();

        List<String> frames = client.frames(303 - waiting + 4);
        assertThat(frames.subList(303 - waiting, frames.size()))
                .extracting(frame -> frame.replaceAll(".*\"data\":\\[?(\\d+|\"\\w+\").*", "$1"))
                .containsExactly("299", "300", "\"first\"", "\"second\"");
        assertThat(test.broker().stats().dropped()).isEqualTo(waiting - 4);
    }

    @Test
    void soItIsWithAFilter() throws Exception {
        start();
        ContractClient client = connect().send(subscribe("#"));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);
        publish("rare", 300, 1);
        int waiting = Math.toIntExact(test.broker().sessions().get(0).queuedMessages());
        test.clock.advance(Duration.ofMillis(2001));
        client.resumeReading();

        assertThat(client.frames(301 - waiting + 2))
                .extracting(ProtocolOptionsTest::number)
                .endsWith(299, 300);
    }

    @Test
    void oldValuesAreDroppedOfEachOfAClientsFilters() throws Exception {
        start();
        ContractClient client = connect()
                .send(subscribe("fill"))
                .send(with("'sub':'rare'", subscribe("rare/+")))
                .send(with("'sub':'many'", subscribe("image/+")));
        test.settle();
        client.stopReading();
        publish("fill", 0, 300);
        publish("rare/a", 1000, 1);
        publish("image/a", 300, 50);
        test.clock.advance(Duration.ofMillis(2001));
        client.resumeReading();
        test.awaitThat(() -> {
            test.advance(Duration.ofMillis(1));
            assertThat(test.broker().sessions().get(0).queuedMessages()).isZero();
        });

        List<Integer> later = client.frames().stream()
                .map(ProtocolOptionsTest::number)
                .filter(number -> number >= 300)
                .toList();
        assertThat(later).containsExactly(1000, 349);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'policy':'queue'", "'policy':'reliable'", "'queue':1024", "'max_age_ms':600000"})
    void notWhereTheClientWantsThemAll(String policy) throws Exception {
        start();
        ContractClient client = connect().send(subscribe("image", policy));
        test.settle();
        client.stopReading();
        publish("image", 0, 300);
        test.clock.advance(Duration.ofMinutes(1));
        client.resumeReading();
        assertThat(client.frames(300)).extracting(ProtocolOptionsTest::number).isSorted();
    }

    @Test
    void aMessageThatArrivesAfterItsTimeIsStale() throws Exception {
        start();
        ContractClient client = connect();
        test.advance(Duration.ofSeconds(10));
        String request = message("cmd_vel", "1");

        assertThat(client.ask(with("'id':1,'mono':9900000,'ttl_ms':100", request)))
                .contains("\"ack\"");
        assertError(
                client.ask(with("'id':2,'mono':9899999,'ttl_ms':100", request)),
                "\"id\":2,\"request\":\"publish\",\"topic\":\"cmd_vel\",",
                "stale",
                408);
        assertThat(client.ask(with("'id':3,'mono':1", request))).contains("\"ack\"");
        assertError(
                client.ask(with("'id':4,'ttl_ms':100", request)),
                "\"id\":4,\"request\":\"publish\",\"topic\":\"cmd_vel\",",
                "bad_request",
                400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'options':{'meta':true}", "'sub':'plot'"})
    void flatFramesHaveNoPlaceForMoreMembers(String members) throws Exception {
        start();
        ContractClient flat = test.connect("frame=flat");
        assertError(
                flat.ask(with("'id':1," + members, subscribe("pose"))),
                "\"id\":1,\"request\":\"subscribe\",\"topic\":\"pose\",",
                "bad_request",
                400);
    }
}
