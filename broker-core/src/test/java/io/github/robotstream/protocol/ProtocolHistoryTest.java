package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import io.github.robotstream.file.FileTopicStore;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of before: for clients that were away, and for those that ask for them. */
class ProtocolHistoryTest extends ProtocolContract {
    private static final Topic<Double> EVENTS = Topic.state("events", "float", Double.class);
    private static final Topic<String> GO = Topic.command("go", "string", String.class);

    private static void keeps100(BrokerBuilder settings) {
        settings.topic(EVENTS, topic -> topic.history(100).uncheckedFromClients());
    }

    private void publish(String topic, int from, int to) {
        for (int i = from; i <= to; i++) {
            robotPublishes(topic, Integer.toString(i));
        }
    }

    /** The epoch of the topic's numbers, as a client learns it from a message. */
    private String epoch(String topic) throws IOException {
        return member(connect().ask(history(topic, "'limit':1")), "epoch");
    }

    private static String member(String frame, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]+)").matcher(frame);
        assertThat(matcher.find()).as("%s in %s", name, frame).isTrue();
        return matcher.group(1);
    }

    private static String position(String epoch, long sequence) {
        return "{'epoch':'" + epoch + "','seq':" + sequence + "}";
    }

    private static String since(String topic, String position, String more) {
        return json(
                "{'action':'subscribe','id':3,'topic':'" + topic + "','options':{'since':" + position + more + "}}");
    }

    private static String since(String topic, String epoch, long sequence) {
        return since(topic, position(epoch, sequence), "");
    }

    private static String history(String topic, String members) {
        return json(
                "{'action':'history','id':5,'topic':'" + topic + "'" + (members.isEmpty() ? "" : "," + members) + "}");
    }

    private static String historySince(String topic, String epoch, long sequence) {
        return history(topic, "'since':" + position(epoch, sequence));
    }

    private static List<String> messages(String topic, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> message(topic, Integer.toString(i)))
                .toList();
    }

    private static List<String> concat(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }

    private static String ack(String topic, String members) {
        return json("{'action':'ack','id':3,'topic':'" + topic + "','known':true," + members
                + ",'options':{'retained':true}}");
    }

    @Test
    void aClientThatWasAwayForLessThanTheHistoryGetsEachMessageOnceAndInOrder() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 11);
        String epoch = epoch("events");
        ContractClient client = connect().send(since("events", epoch, 4));
        publish("events", 12, 13);

        assertThat(client.frames())
                .isEqualTo(concat(
                        ack("events", "'recovered':true,'replayed':7,'epoch':'" + epoch + "','seq':11"),
                        messages("events", 5, 13)));
    }

    @Test
    void oneThatWasAwayLongerIsToldSoAndGetsTheLastValue() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 120);
        String epoch = epoch("events");

        assertThat(connect().send(since("events", epoch, 19)).frames())
                .containsExactly(
                        ack("events", "'recovered':false,'oldest':21,'epoch':'" + epoch + "','seq':120"),
                        message("events", "120"));
        assertThat(connect()
                        .send(since("events", position(epoch, 19), ",'retained':false"))
                        .frames())
                .hasSize(1);
        assertThat(connect().send(since("events", epoch, 20)).frames())
                .hasSize(101)
                .endsWith(message("events", "120"));
    }

    @Test
    void aPositionOfAnotherEpochOrAheadOfTheTopicIsNotRecovered() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 2);
        String told = "'recovered':false,'oldest':1,'epoch':'" + epoch("events") + "','seq':2";

        assertThat(connect().send(since("events", "k3f9", 1)).frames())
                .containsExactly(ack("events", told), message("events", "2"));
        assertThat(connect().send(since("events", epoch("events"), 3)).frames())
                .containsExactly(ack("events", told), message("events", "2"));
    }

    @Test
    void whoMissedNothingGetsWhatIsNewAlone() throws Exception {
        start();
        publish("pose", 1, 2);
        ContractClient client = connect().send(since("pose", epoch("pose"), 2));
        publish("pose", 3, 3);

        assertThat(client.frames())
                .containsExactly(
                        ack("pose", "'recovered':true,'replayed':0,'epoch':'" + epoch("pose") + "','seq':2"),
                        message("pose", "3"));
    }

    @Test
    void ofATopicThatKeepsNoHistoryTheLastValueIsKept() throws Exception {
        start();
        publish("pose", 1, 3);
        String epoch = epoch("pose");

        assertThat(connect().send(since("pose", epoch, 2)).frames()).hasSize(2).endsWith(message("pose", "3"));
        assertThat(connect().send(since("pose", epoch, 1)).frames().get(0))
                .contains(json("'recovered':false,'oldest':3,"));
    }

    @Test
    void metaTellsWhatIsOldAndTheNumbersHaveNoGap() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 3);
        ContractClient client = connect().send(since("events", position(epoch("events"), 1), ",'meta':true"));
        publish("events", 4, 4);

        List<String> frames = client.frames();
        assertThat(frames.subList(1, 4))
                .extracting(frame -> member(frame, "seq"))
                .containsExactly("2", "3", "4");
        assertThat(frames.subList(1, 4))
                .extracting(frame -> member(frame, "retained"))
                .containsExactly("true", "true", "false");
        assertThat(frames.subList(1, 4))
                .extracting(frame -> member(frame, "dropped"))
                .containsOnly("0");
    }

    @Test
    void ofAFilterEachTopicHasItsPosition() throws Exception {
        start(settings -> settings.limits(limits -> limits.history(10)));
        publish("joints/a", 1, 4);
        publish("joints/b", 1, 4);
        publish("joints/c", 1, 4);
        String epoch = epoch("joints/a");
        ContractClient client = connect()
                .send(since(
                        "joints/+",
                        "{'joints/a':" + position(epoch, 2) + ",'joints/b':" + position("old", 2) + "}",
                        ""));

        String standing = "'epoch':'" + epoch + "','seq':4}";
        assertThat(client.frames())
                .containsExactly(
                        ack(
                                "joints/+",
                                "'recovered':false,'topics':{'joints/a':{'recovered':true,'replayed':2," + standing
                                        + ",'joints/b':{'recovered':false,'oldest':1," + standing + "}"),
                        message("joints/a", "3"),
                        message("joints/a", "4"),
                        message("joints/b", "4"),
                        message("joints/c", "4"));
    }

    @Test
    void subscriptionsOfSeveralNamesHaveEachTheirPosition() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 5);
        String epoch = epoch("events");
        ContractClient client = connect();
        client.send(with("'sub':'plot'", since("events", epoch, 4)));
        client.send(with("'sub':'recorder'", since("events", epoch, 2)));

        List<String> frames = client.frames();
        assertThat(frames).filteredOn(frame -> frame.contains("plot")).hasSize(2);
        assertThat(frames).filteredOn(frame -> frame.contains("recorder")).hasSize(4);
    }

    @Test
    void aPositionMeansNothingForATopicThatKeepsNoState() throws Exception {
        start(settings -> settings.topic(GO));
        test.broker().publish(GO, "left");
        test.step();

        assertThat(connect().send(since("go", "k3f9", 0)).frames())
                .containsExactly(
                        json("{'action':'ack','id':3,'topic':'go','known':true,'options':{'retained':false}}"));
        assertThat(connect().send(since("server_logs", "k3f9", 0)).frames().get(0))
                .doesNotContain("recovered");
    }

    @Test
    void aTopicOfWhichNobodyKnowsIsNotRecovered() throws Exception {
        start();
        assertThat(connect().ask(since("pose", "k3f9", 7)))
                .isEqualTo(json("{'action':'ack','id':3,'topic':'pose','known':false,'recovered':false,"
                        + "'options':{'retained':true}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'epoch':'e'}",
                "{'seq':1}",
                "{'epoch':1,'seq':1}",
                "{'epoch':'e','seq':-1}",
                "{'epoch':'e','seq':1.5}",
                "{'events':{'epoch':'e','seq':1}}",
                "7"
            })
    void aPositionIsAnEpochAndANumber(String position) throws Exception {
        start();
        assertError(
                connect().ask(since("events", position, "")),
                "\"id\":3,\"request\":\"subscribe\",\"topic\":\"events\",",
                "bad_request",
                400);
        assertError(
                connect().ask(history("events", "'since':" + position)),
                "\"id\":5,\"request\":\"history\",\"topic\":\"events\",",
                "bad_request",
                400);
    }

    @Test
    void positionsOfAFilterAreOfTopicsThatItMatches() throws Exception {
        start();
        assertThat(connect().ask(since("joints/+", "{'pose':" + position("e", 1) + "}", "")))
                .contains("bad_request")
                .contains("pose");
        assertThat(connect().ask(since("joints/+", position("e", 1), ""))).contains("bad_request");
    }

    private void publishLarge(String topic, int first, int count, int characters) {
        String large = "\"" + "x".repeat(characters) + "\"";
        for (int i = first; i < first + count; i++) {
            test.broker().publish(topic, Payload.of(topic, "text", "[" + i + "," + large + "]"));
            test.step();
        }
    }

    private void awaitSubscription(String filter) {
        test.awaitThat(() -> assertThat(test.broker().sessions())
                .anyMatch(session -> session.subscriptions().contains(filter)));
    }

    @Test
    void reliableClosesRatherThanLoseWhatItWasStillToBeSent() throws Exception {
        start(settings -> settings.limits(limits -> limits.history(100).queuedMessagesPerSession(20)));
        publishLarge("image", 1, 100, 10_000);
        String epoch = epoch("image");
        ContractClient client = connect();
        client.stopReading();
        client.send(since("image", position(epoch, 0), ",'policy':'reliable'"));
        awaitSubscription("image");
        publishLarge("image", 101, 1000, 10_000);
        client.resumeReading();
        assertThat(client.closeCode()).isEqualTo(4429);
        assertThat(client.closeWord()).isEqualTo("too_slow");
    }

    @Test
    void soManyTopicsAreResumedAtATimeAndNoMore() throws Exception {
        start(settings -> settings.limits(limits -> limits.history(100).queuedMessagesPerSession(20)));
        publishLarge("t/0", 1, 100, 100_000);
        String epoch = epoch("t/0");
        ContractClient client = connect();
        client.stopReading();
        String positions = IntStream.range(0, 256)
                .mapToObj(i -> "'t/" + i + "':" + position(epoch, 0))
                .collect(Collectors.joining(",", "{", "}"));
        client.send(since("t/+", "{'t/0':" + position(epoch, 0) + "}", ""));
        client.send(with("'sub':'second'", since("t/+", positions, "")));
        client.send(subscribe("asked"));
        awaitSubscription("asked");
        client.resumeReading();
        List<String> frames = client.frames(102);
        assertThat(frames.get(0)).contains("\"ack\"");
        assertThat(frames)
                .filteredOn(frame -> frame.contains("\"error\""))
                .hasSize(1)
                .first()
                .asString()
                .contains("overloaded");
        String more = positions.replace("{'t/0'", "{'t/x':" + position(epoch, 0) + ",'t/0'");
        assertThat(client.ask(with("'sub':'third'", since("t/+", more, "")))).contains("bad_request");
    }

    @Test
    void historyComesInPagesUntilItIsComplete() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        test.advance(Duration.ofMillis(83));
        publish("events", 1, 5);
        ContractClient client = connect();
        String epoch = epoch("events");
        String item = "{'data':{'name':'events','type':'float','data':1},'seq':1,'ts':1795498200206000,"
                + "'mono':83000,'from':'robot'}";
        assertThat(client.ask(history("events", "'limit':1")))
                .isEqualTo(json("{'action':'ack','id':5,'topic':'events','epoch':'" + epoch + "','messages':[" + item
                        + "],'complete':false}"));

        List<Integer> received = new ArrayList<>();
        String page = client.ask(history("events", "'limit':2"));
        received.addAll(sequences(page));
        while (page.contains(json("'complete':false"))) {
            long last = received.get(received.size() - 1);
            page = client.ask(history("events", "'limit':2,'since':" + position(epoch, last)));
            received.addAll(sequences(page));
        }
        assertThat(received).containsExactly(1, 2, 3, 4, 5);
        assertThat(client.ask(historySince("events", epoch, 5)))
                .endsWith(json("'epoch':'" + epoch + "','messages':[],'complete':true}"));
    }

    private static List<Integer> sequences(String page) {
        return Pattern.compile("\"seq\":(\\d+)")
                .matcher(page)
                .results()
                .map(result -> Integer.parseInt(result.group(1)))
                .toList();
    }

    @Test
    void aPageHasAtMost256KiB() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        for (int i = 0; i < 8; i++) {
            robotPublishes("events", "\"" + "x".repeat(60_000) + "\"");
        }
        assertThat(sequences(connect().ask(history("events", "'limit':1000")))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aMessageThatFillsAFrameStandsInItsPageWithoutItsData() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        robotPublishes("events", "\"" + "x".repeat((1 << 20) - 100) + "\"");
        robotPublishes("events", "2");

        assertThat(connect().ask(history("events", "")))
                .contains(json("'messages':[{'too_large':true,'seq':1,"))
                .endsWith(json("'complete':false}"));
    }

    @Test
    void whatIsNotKeptAnyMoreIsAGap() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 120);
        String epoch = epoch("events");
        assertThat(connect().ask(historySince("events", epoch, 19)))
                .contains(json("'id':5,'request':'history','topic':'events','code':'history_gap','status':410"))
                .endsWith(json("'retry':false,'oldest':21}"));
        assertThat(connect().ask(historySince("events", "k3f9", 100))).contains("history_gap");
        assertThat(connect().ask(historySince("events", epoch, 121))).contains("history_gap");
        assertThat(connect().ask(historySince("unknown", "k3f9", 0)))
                .contains("history_gap")
                .endsWith(json("'retry':false}"));
        assertThat(sequences(connect().ask(historySince("events", epoch, 20)))).hasSize(100);
    }

    @Test
    void aTopicThatNobodyKnowsHasAnEmptyHistory() throws Exception {
        start();
        assertThat(connect().ask(history("pose", "")))
                .isEqualTo(json("{'action':'ack','id':5,'topic':'pose','messages':[],'complete':true}"));
    }

    @Test
    void theHistoryIsForThoseWhoMaySubscribe() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(Permissions.none().subscribe("events")));
        publish("pose", 1, 1);
        assertError(
                connect().ask(history("pose", "")),
                "\"id\":5,\"request\":\"history\",\"topic\":\"pose\",",
                "forbidden",
                403);
        assertThat(connect().ask(history("events", ""))).contains("\"ack\"");
    }

    @Test
    void commandTopicsAndThoseOfTheBrokerHaveNone() throws Exception {
        start(settings -> settings.topic(GO));
        assertThat(connect().ask(history("go", ""))).contains("bad_request").contains("command topic");
        assertThat(connect().ask(history("server_logs", ""))).contains("bad_request");
    }

    @Test
    void aHistoryRequestHasAnId() throws Exception {
        start();
        assertError(
                connect().ask(json("{'action':'history','topic':'pose'}")),
                "\"request\":\"history\",\"topic\":\"pose\",",
                "bad_request",
                400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'limit':0", "'limit':1001", "'limit':'5'"})
    void aPageHasOneToAThousandMessages(String limit) throws Exception {
        start();
        assertThat(connect().ask(history("pose", limit))).contains("bad_request");
    }

    @Test
    void messagesOfAPageCountAsWork() throws Exception {
        start(settings -> settings.limits(limits -> limits.history(1000).requestRate(RequestRate.perSecond(200))));
        publish("pose", 1, 640);
        ContractClient client = connect();
        int pages = 0;
        while (client.ask(history("pose", "'limit':640")).contains("\"ack\"")) {
            pages++;
        }
        assertThat(pages)
                .as("400 requests at once, and a page counts for 10 more")
                .isBetween(35, 38);
    }

    @Test
    void aClientThatReadsNoPagesGetsNoMoreOfThem() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        for (int i = 0; i < 20; i++) {
            robotPublishes("events", "\"" + "x".repeat(50_000) + "\"");
        }
        ContractClient client = connect();
        client.stopReading();
        for (int i = 0; i < 64; i++) {
            client.send(history("events", ""));
        }
        test.step();
        robotPublishes("late", "1");
        client.send(history("late", ""));
        test.step();
        robotPublishes("late", "2");
        client.resumeReading();
        List<String> frames = client.frames(65);
        assertThat(frames).allMatch(frame -> frame.contains("\"ack\""));
        assertThat(sequences(frames.get(64)))
                .as("it was done when there was room")
                .containsExactly(2);
    }

    @Test
    void historiesOfLargeMessagesDoNotPushOutOthers() throws Exception {
        start(settings -> settings.limits(limits -> limits.history(1000).retainedBytes(1 << 20)));
        publish("events", 1, 50);
        for (int i = 0; i < 40; i++) {
            robotPublishes("camera", "\"" + "x".repeat(100_000) + "\"");
        }
        assertThat(sequences(connect().ask(history("events", "")))).hasSize(50);
        assertThat(sequences(connect().ask(history("camera", "")))).hasSizeBetween(1, 3);
    }

    @Test
    void olderMessagesComeFromTheStore() throws Exception {
        start(settings -> settings.store(TopicStore.inMemory()).limits(limits -> limits.history(10)));
        publish("pose", 1, 250);
        String epoch = epoch("pose");
        ContractClient client = connect().send(since("pose", epoch, 20));
        List<String> frames = client.frames(231);
        assertThat(frames.get(0)).contains(json("'recovered':true,'replayed':230,"));
        assertThat(frames.subList(1, 231)).isEqualTo(messages("pose", 21, 250));
        publish("pose", 251, 251);
        assertThat(client.frame()).isEqualTo(message("pose", "251"));

        String page = connect().ask(history("pose", ""));
        assertThat(sequences(page)).hasSize(100).startsWith(1);
        assertThat(sequences(connect().ask(historySince("pose", epoch, 200)))).hasSize(51);
        assertThat(connect().ask(historySince("pose", "other", 200)))
                .contains("history_gap")
                .endsWith(json("'oldest':1}"));
    }

    @Test
    void whatIsPublishedWhileTheStoreIsAskedComesInItsPlace() throws Exception {
        FakeStore store = new FakeStore();
        start(settings -> settings.store(store));
        publish("pose", 1, 20);
        String epoch = epoch("pose");
        ContractClient client = connect();
        store.block();
        client.send(since("pose", epoch, 5));
        test.settle();
        publish("pose", 21, 30);
        client.hearsNothing();
        store.release();
        List<String> first = client.frames(26);
        publish("pose", 31, 31);

        assertThat(first.get(0)).contains(json("'recovered':true,'replayed':25,"));
        assertThat(first.subList(1, 26)).isEqualTo(messages("pose", 6, 30));
        assertThat(client.frame()).isEqualTo(message("pose", "31"));
    }

    @Test
    void aStoreThatStandsStillEndsInAnErrorAndTheSessionGoesOn() throws Exception {
        FakeStore store = new FakeStore();
        start(settings -> settings.store(store));
        publish("pose", 1, 2);
        String epoch = epoch("pose");
        ContractClient client = connect();
        store.block();
        client.send(since("pose", epoch, 0)).send(history("pose", ""));
        client.hearsNothing();
        test.advance(Duration.ofSeconds(5));
        assertError(client.frame(), "\"id\":3,\"request\":\"subscribe\",\"topic\":\"pose\",", "overloaded", 503, true);
        test.advance(Duration.ofSeconds(5));
        assertThat(client.frame()).contains("\"id\":5").contains("overloaded");
        assertThat(client.send(subscribe("pose")).frame()).isEqualTo(message("pose", "2"));
        store.release();
    }

    @Test
    void aStoreThatCannotBeReadIsAFaultAndTold() throws Exception {
        FakeStore store = new FakeStore();
        start(settings -> settings.store(store));
        publish("pose", 1, 2);
        String epoch = epoch("pose");
        store.failWith(new IOException("the disk is on fire"));
        ContractClient client = connect().send(since("pose", epoch, 0));
        assertError(client.frame(), "\"id\":3,\"request\":\"subscribe\",\"topic\":\"pose\",", "internal", 500);
        store.failWith(null);
    }

    @Test
    void whatTheStoreDidNotGetIsInAPageWhileItIsInMemory() throws Exception {
        FakeStore store = new FakeStore();
        start(settings -> settings.store(store).limits(limits -> limits.history(3)));
        publish("pose", 1, 2);
        String epoch = epoch("pose"); // by then the store has both
        store.failWith(new IOException("no space"));
        publish("pose", 3, 4);
        test.awaitThat(() -> assertThat(test.broker().stats().notStored()).isEqualTo(2));
        store.failWith(null);
        publish("pose", 5, 5);

        assertThat(sequences(connect().ask(historySince("pose", epoch, 0)))).containsExactly(1, 2, 3, 4, 5);
        assertThat(sequences(connect().ask(history("pose", "'limit':4")))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void theOldestThatIsToldMayBeOneThatOnlyMemoryHas() throws Exception {
        FakeStore store = new FakeStore();
        start(settings -> settings.store(store).limits(limits -> limits.history(3)));
        store.failWith(new IOException("no space"));
        publish("pose", 1, 4);
        test.awaitThat(() -> assertThat(test.broker().stats().notStored()).isEqualTo(4));
        store.failWith(null);
        publish("pose", 5, 5);

        assertThat(connect().ask(historySince("pose", "other", 0))).endsWith(json("'oldest':3}"));
        assertThat(sequences(connect().ask(history("pose", "")))).containsExactly(3, 4, 5);
    }

    /** A broker on the same store after the one before has ended. */
    private void restart(Consumer<BrokerBuilder> settings) throws IOException {
        test.close();
        start(settings);
    }

    /** A store whose messages expire by the time of the broker under test, not by the system's. */
    private static FileTopicStore.Builder store(Path directory) {
        return FileTopicStore.builder(directory).clock(() -> ManualClock.BEGIN);
    }

    @Test
    void afterARestartWithoutAStoreTheEpochIsAnother() throws Exception {
        start(ProtocolHistoryTest::keeps100);
        publish("events", 1, 5);
        String epoch = epoch("events");
        restart(ProtocolHistoryTest::keeps100);
        publish("events", 1, 9);

        assertThat(connect().send(since("events", epoch, 4)).frames().get(0))
                .contains(json("'recovered':false,'oldest':1,"))
                .doesNotContain(epoch);
    }

    @Test
    void afterARestartWithFilesAClientGoesOnWhereItStopped(@TempDir Path directory) throws Exception {
        Consumer<BrokerBuilder> files =
                settings -> settings.store(store(directory).build());
        start(files);
        publish("pose", 1, 30);
        String epoch = epoch("pose");
        restart(files);
        ContractClient client = connect().send(since("pose", epoch, 10));
        List<String> frames = client.frames(21);
        publish("pose", 31, 31);

        assertThat(frames.get(0)).contains(json("'recovered':true,'replayed':20,'epoch':'" + epoch + "','seq':30"));
        assertThat(frames.subList(1, 21)).isEqualTo(messages("pose", 11, 30));
        assertThat(client.frame()).isEqualTo(message("pose", "31"));
    }

    @Test
    void afterAnUncleanEndItIsToldThatTheNumbersBeginAnew(@TempDir Path directory) throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Path lived = directory.resolve("lived");
        start(settings ->
                settings.store(store(lived).syncInterval(Duration.ZERO).build()));
        publish("pose", 1, 30);
        String epoch = epoch("pose"); // it has been read, so all before is in the files
        try (var files = Files.list(lived)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        restart(settings -> settings.store(store(copy).build()));

        ContractClient client = connect().send(since("pose", epoch, 10));
        List<String> frames = client.frames(2);
        assertThat(frames.get(0))
                .contains(json("'recovered':false,'oldest':1,"))
                .doesNotContain(epoch);
        assertThat(frames.get(1)).isEqualTo(message("pose", "30"));
        assertThat(sequences(connect().ask(historySince("pose", member(frames.get(0), "epoch"), 10))))
                .hasSize(20);
    }

    @Test
    void aClientThatReadsSlowlyGetsAllThatWasStored() throws Exception {
        start(settings -> settings.store(TopicStore.inMemory()));
        publishLarge("image", 1, 60, 10_000);
        String epoch = epoch("image");
        ContractClient client = connect();
        client.stopReading();
        client.send(since("image", position(epoch, 0), ",'policy':'queue','meta':true"));
        awaitSubscription("image");
        publishLarge("image", 61, 30, 10_000);
        client.resumeReading();
        List<String> frames = client.frames(91);
        assertThat(frames.subList(1, 91))
                .extracting(frame -> Integer.parseInt(member(frame, "seq")))
                .isEqualTo(IntStream.rangeClosed(1, 90).boxed().toList());
        assertThat(test.broker().stats().dropped()).isZero();
    }
}
