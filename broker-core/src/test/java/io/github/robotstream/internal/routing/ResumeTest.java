package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.protocol.Position;
import io.github.robotstream.internal.protocol.Recovery;
import io.github.robotstream.spi.StoredTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that were away: what they missed comes once, in order and before what is live, or they are told that it is gone. */
class ResumeTest {
    private static final int HISTORY = 100;

    private final RouterFixture fixture = new RouterFixture(1_000, 1 << 24, HISTORY);

    private void publish(String topic, long from, long to) {
        for (long i = from; i <= to; i++) {
            fixture.publish(topic, i);
        }
    }

    private static List<String> values(String topic, long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(i -> topic + " " + i).toList();
    }

    private Recovery resume(RemoteSubscriber subscriber, String epoch, long after) {
        return resume(subscriber, Map.of(subscriber.filter().toString(), new Position(epoch, after)))
                .get(0);
    }

    /** Resumes once the store, if there is one, has answered. */
    private List<Recovery> resume(RemoteSubscriber subscriber, Map<String, Position> since) {
        Resumption resumption = fixture.router.resumption(since);
        Work work = new Work();
        for (Progress p = Progress.MORE; p != Progress.DONE; p = resumption.goOn(work, () -> {})) {
            work.renew();
            fixture.answer();
        }
        List<Recovery> recoveries = resumption.recoveries();
        fixture.router.resume(subscriber, resumption, true);
        return recoveries;
    }

    /** Everything that is still to come, the store's answers included. */
    private List<String> receiveAll(RouterFixture.Client client) {
        List<String> all = new ArrayList<>();
        do {
            all.addAll(client.receiveAll());
        } while (fixture.answer());
        all.addAll(client.receiveAll());
        return all;
    }

    @Test
    void whoWasAwayForLessThanTheHistoryGetsWhatItMissed() {
        publish("pose", 1, 50);
        RouterFixture.Client client = fixture.new Client(1_000);
        Recovery recovery = resume(client.subscribe("pose"), "e1", 20);
        assertThat(recovery)
                .isEqualTo(new Recovery("pose", true, 30, Optional.of(new Position("e1", 50)), Optional.empty()));
        publish("pose", 51, 52);
        assertThat(receiveAll(client)).isEqualTo(values("pose", 21, 52));
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void whoWasAwayForLongerIsToldAndGetsTheLastValue() {
        publish("pose", 1, 150);
        RouterFixture.Client client = fixture.new Client(1_000);
        Recovery recovery = resume(client.subscribe("pose"), "e1", 49);
        assertThat(recovery.recovered()).isFalse();
        assertThat(recovery.oldest()).contains(51L);
        assertThat(receiveAll(client)).containsExactly("pose 150");
    }

    @Test
    void theOldestThatIsKeptIsEnough() {
        publish("pose", 1, 150);
        RouterFixture.Client client = fixture.new Client(1_000);
        assertThat(resume(client.subscribe("pose"), "e1", 50).recovered()).isTrue();
        assertThat(receiveAll(client)).isEqualTo(values("pose", 51, 150));
    }

    @Test
    void whoMissedNothingGetsNothingNotEvenTheLastValue() {
        publish("pose", 1, 50);
        RouterFixture.Client client = fixture.new Client(10);
        assertThat(resume(client.subscribe("pose"), "e1", 50).recovered()).isTrue();
        assertThat(receiveAll(client)).isEmpty();
        publish("pose", 51, 51);
        assertThat(receiveAll(client)).containsExactly("pose 51");
    }

    @ParameterizedTest
    @CsvSource({"e1,51", "e2,20", "e2,50"})
    void aPositionThatIsNoneOfTheTopicIsNotRecovered(String epoch, long sequence) {
        publish("pose", 1, 50);
        RouterFixture.Client client = fixture.new Client(10);
        assertThat(resume(client.subscribe("pose"), epoch, sequence).recovered())
                .isFalse();
        assertThat(receiveAll(client)).containsExactly("pose 50");
    }

    @Test
    void aTopicThatNobodyKnowsIsNotRecovered() {
        RouterFixture.Client client = fixture.new Client(10);
        Recovery recovery = resume(client.subscribe("pose"), "e1", 5);
        assertThat(recovery).isEqualTo(new Recovery("pose", false, 0, Optional.empty(), Optional.empty()));
    }

    @Test
    void aCommandTopicHasNoPositions() {
        TopicState go = fixture.command("go");
        fixture.publish(go, 1);
        RouterFixture.Client client = fixture.new Client(10);
        assertThat(resume(client.subscribe("go"), Map.of("go", new Position("e1", 0))))
                .isEmpty();
        assertThat(receiveAll(client)).isEmpty();
        assertThat(go.history).isNull();
    }

    @Test
    void ofAFilterEachTopicGoesOnFromItsPositionAndTheOthersFromTheirLastValue() {
        publish("joints/a", 1, 5);
        publish("joints/b", 1, 5);
        publish("joints/c", 1, 5);
        RouterFixture.Client client = fixture.new Client(100);
        Map<String, Position> since = new LinkedHashMap<>();
        since.put("joints/a", new Position("e1", 2));
        since.put("joints/b", new Position("other", 2));
        assertThat(resume(client.subscribe("joints/+"), since))
                .extracting(Recovery::recovered)
                .containsExactly(true, false);
        assertThat(receiveAll(client))
                .containsExactly("joints/a 3", "joints/a 4", "joints/a 5", "joints/b 5", "joints/c 5");
    }

    @Test
    void aTopicWithoutHistoryHasItsLastValue() {
        RouterFixture plain = new RouterFixture(10, 1 << 20);
        plain.publish("pose", 1);
        plain.publish("pose", 2);
        RouterFixture.Client client = plain.new Client(10);
        RemoteSubscriber subscriber = client.subscribe("pose");
        Resumption resumption = plain.router.resumption(Map.of("pose", new Position("e1", 1)));
        resumption.goOn(new Work(), () -> {});
        assertThat(resumption.recoveries().get(0).recovered()).isTrue();
        plain.router.resume(subscriber, resumption, true);
        assertThat(client.receiveAll()).containsExactly("pose 2");
        assertThat(plain.topic("pose").history)
                .as("it is kept while somebody reads it")
                .isNull();
    }

    @Test
    void whatIsReadFromTheStoreAndFromMemoryIsOneRow() {
        fixture.readable = true;
        publish("pose", 1, 1_000);
        RouterFixture.Client client = fixture.new Client(64);
        Recovery recovery = resume(client.subscribe("pose"), "e1", 7);
        assertThat(recovery.recovered()).isTrue();
        assertThat(recovery.replayed()).isEqualTo(993);
        publish("pose", 1_001, 1_010);
        assertThat(receiveAll(client)).isEqualTo(values("pose", 8, 1_010));
        assertThat(fixture.counters.losses().values()).containsOnly(0L);
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void ofATopicWithoutHistoryTheStoreAloneHasEverything() {
        RouterFixture plain = new RouterFixture(10, 1 << 20);
        plain.readable = true;
        for (int i = 1; i <= 300; i++) {
            plain.publish("pose", i);
        }
        RouterFixture.Client client = plain.new Client(64);
        RemoteSubscriber subscriber = client.subscribe("pose");
        Resumption resumption = plain.router.resumption(Map.of("pose", new Position("e1", 100)));
        while (resumption.goOn(new Work(), () -> {}) != Progress.DONE) {
            plain.answer();
        }
        plain.router.resume(subscriber, resumption, true);
        List<String> received = new ArrayList<>();
        for (int i = 301; i <= 400; i++) {
            plain.publish("pose", i);
            received.addAll(client.receive());
            if (i % 10 == 0) {
                plain.answer();
            }
        }
        do {
            received.addAll(client.receiveAll());
        } while (plain.answer());
        received.addAll(client.receiveAll());
        assertThat(received).isEqualTo(values("pose", 101, 400));
        assertThat(plain.topic("pose").history).isNull();
    }

    @Test
    void whatMemoryHasLostBeforeItWasSentIsToldAsDropped() {
        publish("pose", 1, 100);
        RouterFixture.Client client = fixture.new Client(10);
        RemoteSubscriber subscriber = client.subscribe("pose");
        resume(subscriber, "e1", 0);
        publish("pose", 101, 400);
        List<String> received = receiveAll(client);
        assertThat(received).startsWith("pose 1").endsWith("pose 400").doesNotHaveDuplicates();
        assertThat(Queues.untold(subscriber)).isEqualTo(400 - received.size());
        assertThat(fixture.counters.losses()).containsEntry(LossCause.QUEUE_FULL, 400L - received.size());
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void aStoreThatFailsWhileItIsReadCostsWhatItHadAndIsTold() {
        fixture.readable = true;
        publish("pose", 1, 300);
        RouterFixture.Client client = fixture.new Client(1_000);
        RemoteSubscriber subscriber = client.subscribe("pose");
        resume(subscriber, "e1", 50);
        fixture.kept.clear();
        fixture.answer(); // what it found before
        assertThat(receiveAll(client)).isEqualTo(concat(values("pose", 51, 150), values("pose", 201, 300)));
        assertThat(Queues.untold(subscriber)).isEqualTo(50);
        assertThat(fixture.counters.queued()).isZero();
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    @Test
    void aTopicThatIsClearedMeanwhileBeginsAnew() {
        publish("pose", 1, 50);
        RouterFixture.Client client = fixture.new Client(10);
        resume(client.subscribe("pose"), "e1", 0);
        publish("pose", 51, 55);
        fixture.router.clear(fixture.topic("pose"), "e2");
        publish("pose", 1, 3);
        List<String> received = receiveAll(client);
        assertThat(received).endsWith("pose 1", "pose 2", "pose 3");
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void aPublishersOwnMessageThatItWantsNoEchoOfDoesNotComeByTheHistory() {
        publish("pose", 1, 60);
        RouterFixture.Client client = fixture.new Client(10);
        resume(client.subscribe("pose"), "e1", 0);
        fixture.route(Messages.notTo(client.queue, fixture.topic("pose"), 61));
        publish("pose", 62, 63);
        assertThat(receiveAll(client)).isEqualTo(concat(values("pose", 1, 60), values("pose", 62, 63)));
    }

    @Test
    void whatAnotherSubscriptionOfTheClientGetsDoesNotComeTwice() {
        publish("joints/a", 1, 60);
        RouterFixture.Client client = fixture.new Client(10);
        resume(client.subscribe("joints/+"), Map.of("joints/a", new Position("e1", 0)));
        client.subscribe("joints/a");
        publish("joints/a", 61, 63);
        assertThat(receiveAll(client)).hasSize(63).doesNotHaveDuplicates();
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void whatWaitedForAResumeThatEndsGoesToAnotherThatWantsIt() {
        publish("joints/a", 1, 60);
        RouterFixture.Client client = fixture.new Client(10);
        RemoteSubscriber exact = client.subscribe("joints/a");
        client.subscribe("joints/+");
        resume(exact, "e1", 0);
        publish("joints/a", 61, 63);
        fixture.router.unsubscribe(exact);
        publish("joints/a", 64, 64);
        assertThat(receiveAll(client)).endsWith("joints/a 61", "joints/a 62", "joints/a 63", "joints/a 64");
        assertThat(fixture.counters.queued()).isZero();
        assertThat(fixture.topic("joints/a").historyReaders).isZero();
    }

    @Test
    void aSessionThatEndsReadsNothingMore() {
        fixture.readable = true;
        publish("pose", 1, 300);
        RouterFixture.Client client = fixture.new Client(10);
        resume(client.subscribe("pose"), "e1", 10);
        fixture.answer();
        publish("pose", 301, 303);
        client.queue.end();
        assertThat(fixture.answer()).isFalse();
        assertThat(fixture.topic("pose").historyReaders).isZero();
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void aSubscriptionsOwnBoundIsKeptWithoutLoss() {
        publish("pose", 1, 100);
        RouterFixture.Client client = fixture.new Client(1_000);
        RemoteSubscriber subscriber = client.subscribe("pose");
        fixture.router.options(
                subscriber,
                new DeliveryOptions(
                        DeliveryOptions.Policy.QUEUE, 4, OverflowPolicy.DROP_OLDEST, 0, 0, 0, false, false, false));
        resume(subscriber, "e1", 0);
        assertThat(receiveAll(client)).isEqualTo(values("pose", 1, 100));
    }

    @Test
    void whatWaitedForOlderMessagesIsNotThinnedForItsAge() {
        publish("pose", 1, 50);
        RouterFixture.Client client = fixture.new Client(10);
        resume(client.subscribe("pose"), "e1", 0);
        publish("pose", 51, 60);
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            fixture.clock.advance(Queues.THIN_AFTER.plusMillis(1));
            client.queue.beginFlush();
            received.addAll(client.receive());
            client.queue.replayMore(fixture.topics);
        }
        assertThat(received).isEqualTo(values("pose", 1, 60));
    }

    @Test
    void numbersGoOnWhereTheStoreStood() {
        fixture.router.restore(new StoredTopic("pose", "k1", 41, Optional.empty()));
        RouterFixture.Client client = fixture.new Client(100);
        assertThat(resume(client.subscribe("pose"), "k1", 41).recovered()).isTrue();
        publish("pose", 42, 43);
        assertThat(receiveAll(client)).containsExactly("pose 42", "pose 43");
    }

    /**
     * Clients come and go, with small queues, while others publish: over all its connections, a client gets each message of each topic once and
     * in order, or is told how many it lost.
     */
    @ParameterizedTest
    @CsvSource({
        "1,false", "2,false", "3,false", "4,false", "5,false", "6,false", "1,true", "2,true", "3,true", "4,true",
        "5,true", "6,true"
    })
    void whateverHappensEachMessageComesOnceAndInOrderOrIsToldAsDropped(long seed, boolean stored) {
        Random random = new Random(seed);
        fixture.readable = stored;
        String[] topics = {"t/a", "t/b", "t/c"};
        Map<String, Long> published = new LinkedHashMap<>();
        Map<String, Position> at = new LinkedHashMap<>();
        long unrecovered = 0;
        int resumed = 0;
        RouterFixture.Client client = null;
        RemoteSubscriber subscriber = null;
        long told = 0;
        long missing = 0;
        for (int i = 0; i < 20_000; i++) {
            int dice = random.nextInt(100);
            String topic = topics[random.nextInt(3)];
            if (dice < 50) {
                fixture.publish(topic, published.merge(topic, 1L, Long::sum));
            } else if (dice < 60) {
                RoutedMessage[] run = new RoutedMessage[1 + random.nextInt(4)];
                for (int n = 0; n < run.length; n++) {
                    run[n] = Messages.message(fixture.topic(topic), published.merge(topic, 1L, Long::sum));
                }
                fixture.router.route(Messages.run(run));
            } else if (dice < 70) {
                fixture.answer();
            } else if (client == null && dice < 72) {
                client = fixture.new Client(1 + random.nextInt(30));
                subscriber = client.subscribe("t/+");
                List<Recovery> recoveries = resume(subscriber, at);
                for (Recovery recovery : recoveries) {
                    if (!recovery.recovered()) {
                        unrecovered++;
                        assertThat(stored).as("a store that keeps all").isFalse();
                        at.put(
                                recovery.topic(),
                                new Position(
                                        "e1", recovery.present().orElseThrow().sequence() - 1));
                    } else {
                        resumed++;
                    }
                }
                published.forEach((name, last) -> at.putIfAbsent(name, new Position("e1", last - 1)));
                for (String name : topics) {
                    at.putIfAbsent(name, new Position("e1", 0));
                }
            } else if (client != null && dice == 72 && random.nextInt(3) == 0) {
                boolean drained = random.nextBoolean();
                if (drained) {
                    for (String text : receiveAll(client)) {
                        missing += take(text, at);
                    }
                    missing += missingAtEnd(published, at);
                }
                told += Queues.untold(subscriber);
                assertThat(missing).isLessThanOrEqualTo(told);
                if (drained) {
                    assertThat(missing).as("no more is told than was lost").isEqualTo(told);
                }
                told = 0;
                missing = 0;
                client.queue.end();
                client = null;
            } else if (client != null) {
                client.queue.replayMore(fixture.topics);
                for (int n = random.nextInt(6); n > 0 && client.queue.peek() != null; n--) {
                    missing += take(client.receiveOne(), at);
                }
            }
        }
        if (client != null) {
            for (String text : receiveAll(client)) {
                missing += take(text, at);
            }
            missing += missingAtEnd(published, at);
            told += Queues.untold(subscriber);
            client.queue.end();
        }
        assertThat(missing).as("what a client did not get between what it got").isEqualTo(told);
        assertThat(fixture.counters.queued()).isZero();
        assertThat(resumed).isGreaterThan(10);
        assertThat(stored || unrecovered > 0).isTrue();
        for (String topic : topics) {
            assertThat(fixture.topic(topic).historyReaders).isZero();
        }
    }

    /** How many newest messages of topics a client did not get, where another topic's pushed them out of a tiny queue. */
    private static long missingAtEnd(Map<String, Long> published, Map<String, Position> at) {
        long missing = 0;
        for (Map.Entry<String, Long> topic : published.entrySet()) {
            missing += topic.getValue() - at.get(topic.getKey()).sequence();
            at.put(topic.getKey(), new Position("e1", topic.getValue()));
        }
        return missing;
    }

    /** Takes a message for the next of its topic; returns how many are missing before it. */
    private static long take(String text, Map<String, Position> at) {
        String topic = text.substring(0, text.indexOf(' '));
        long value = Long.parseLong(text.substring(text.indexOf(' ') + 1));
        long before = at.get(topic).sequence();
        assertThat(value).as(topic).isGreaterThan(before);
        at.put(topic, new Position("e1", value));
        return value - before - 1;
    }

    @Test
    void withoutAPositionTheFilterIsReplayedAsEver() {
        publish("t/a", 1, 3);
        RouterFixture.Client client = fixture.new Client(10);
        RemoteSubscriber subscriber = new RemoteSubscriber(TopicFilter.of("t/#"), Optional.empty(), client.queue);
        fixture.router.subscribe(subscriber);
        resume(subscriber, Map.of());
        assertThat(client.receiveAll()).containsExactly("t/a 3");
    }
}
