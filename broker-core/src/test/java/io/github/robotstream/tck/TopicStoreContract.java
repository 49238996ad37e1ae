package io.github.robotstream.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the broker relies on in a {@link TopicStore}: extend it, say how your store is made, and its promises become your
 * tests. It needs room for a hundred messages of a few topics and for one of 256 KiB.
 *
 * <pre>{@code
 * class InMemoryStoreTest extends TopicStoreContract {
 *     @Override
 *     protected TopicStore newStore() {
 *         return TopicStore.inMemory();
 *     }
 * }
 * }</pre>
 */
public abstract class TopicStoreContract {
    private TopicStore store;
    private Instant time;
    private boolean open;

    /**
     * Makes the store that a test uses.
     *
     * @return a store that keeps nothing yet and is not open
     * @throws Exception if that failed
     */
    protected abstract TopicStore newStore() throws Exception;

    /**
     * Returns the time by which the store expires messages. The messages that a test appends are as old as this, so that no
     * retention discards them while the test runs. Override this if your store has a clock of its own.
     *
     * @return the present time of the store's clock; the system clock unless overridden
     */
    protected Instant now() {
        return Instant.now();
    }

    /**
     * Makes the store that a broker would use after a restart; the same object unless overridden. A store with files
     * makes a new object on the same files.
     *
     * @param closed the store that was used before, closed
     * @return a store with what the other one kept, not open
     * @throws Exception if that failed
     */
    protected TopicStore reopened(TopicStore closed) throws Exception {
        return closed;
    }

    /**
     * Ends a store as the end of its process would, without {@code close}, and makes the one that a broker would use then.
     *
     * @param used the store so far, open; nothing is called on it any more
     * @return a store on the same files; empty, unless overridden, if nothing outlives the process
     * @throws Exception if that failed
     */
    protected Optional<TopicStore> afterKill(TopicStore used) throws Exception {
        return Optional.empty();
    }

    @BeforeEach
    final void makeStore() throws Exception {
        store = newStore();
        time = now().truncatedTo(ChronoUnit.MICROS); // the precision of the wire, and what a store has to keep
    }

    @AfterEach
    final void closeStore() throws Exception {
        if (open) {
            store.close();
        }
    }

    private List<StoredTopic> open() throws IOException {
        List<StoredTopic> topics = store.open();
        open = true;
        return topics;
    }

    private List<StoredTopic> reopen() throws Exception {
        store.close();
        open = false;
        store = reopened(store);
        return open();
    }

    private void append(String topic, String epoch, long... sequences) throws IOException {
        store.append(LongStream.of(sequences)
                .mapToObj(sequence -> message(topic, epoch, sequence))
                .toList());
    }

    private Message message(String topic, String epoch, long sequence) {
        return new Message(topic, Payload.of(topic, "int", "" + sequence), epoch, sequence, time, "robot");
    }

    @Test
    void bytesAreReadAsTheyWereAppended() throws Exception {
        byte[] bytes = new byte[100_000];
        new Random(7).nextBytes(bytes);
        Payload payload = Payload.ofBytes("front camera", "image/jpeg", ByteBuffer.wrap(bytes));
        Message image = new Message("camera", payload, "k3f9", 2, time, "robot");
        open();
        store.append(List.of(message("camera", "k3f9", 1), image, message("pose", "k3f9", 1)));
        assertThat(store.read("camera", 0, 10)).last().isEqualTo(image);
        reopen();
        assertThat(store.read("camera", 0, 10)).containsExactly(message("camera", "k3f9", 1), image);
    }

    private List<Long> sequences(String topic, long after, int limit) throws IOException {
        return store.read(topic, after, limit).stream().map(Message::sequence).toList();
    }

    @Test
    void aNewStoreHasNoTopics() throws IOException {
        assertThat(open()).isEmpty();
        assertThat(store.read("pose", 0, 10)).isEmpty();
    }

    @Test
    void aMessageIsReadAsItWasAppended() throws Exception {
        Payload payload = Payload.of(
                "näme \"1\"", "type/\\word", "{ \"x\":1.50, \"big\":12345678901234567890,\"s\":\"🤖\\u0000\" }");
        Message message = new Message("pose", payload, "k3f9", 41, time, "operator \"ä\" 3");
        open();
        store.append(List.of(message));
        assertSame(message, store.read("pose", 0, 10).get(0));
        assertSame(message, reopen().get(0).latest().orElseThrow());
        assertSame(message, store.read("pose", 0, 10).get(0));
    }

    private static void assertSame(Message expected, Message actual) {
        assertThat(actual.topic()).isEqualTo(expected.topic());
        assertThat(actual.payload()).isEqualTo(expected.payload());
        assertThat(actual.epoch()).isEqualTo(expected.epoch());
        assertThat(actual.sequence()).isEqualTo(expected.sequence());
        assertThat(actual.time()).isEqualTo(expected.time());
        assertThat(actual.publisher()).isEqualTo(expected.publisher());
    }

    @Test
    void aLargeMessageIsKept() throws Exception {
        Payload payload = Payload.of("map", "string", "\"" + "m".repeat(256 * 1024) + "\"");
        open();
        store.append(List.of(new Message("map", payload, "k3f9", 1, time, "robot")));
        reopen();
        assertThat(store.read("map", 0, 1)).extracting(Message::payload).containsExactly(payload);
    }

    @Test
    void messagesAreReadInOrderBeginningAfterANumber() throws IOException {
        open();
        append("pose", "k3f9", 1, 2, 5);
        append("pose", "k3f9", 6, 9);
        assertThat(sequences("pose", 0, 10)).containsExactly(1L, 2L, 5L, 6L, 9L);
        assertThat(sequences("pose", 2, 10)).containsExactly(5L, 6L, 9L);
        assertThat(sequences("pose", 3, 10)).containsExactly(5L, 6L, 9L);
        assertThat(sequences("pose", 9, 10)).isEmpty();
        assertThat(sequences("pose", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void aReadGivesTheFirstOnesUpToItsLimitSoThatItCanGoOn() throws IOException {
        open();
        append("pose", "k3f9", LongStream.rangeClosed(1, 100).toArray());
        List<Long> all = new ArrayList<>();
        long after = 0;
        for (int page = 0; page < 5; page++) {
            List<Long> read = sequences("pose", after, 30);
            assertThat(read).hasSizeLessThanOrEqualTo(30);
            all.addAll(read);
            after = all.get(all.size() - 1);
        }
        assertThat(all)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void theLargestLimitIsNoFault() throws IOException {
        open();
        append("pose", "k3f9", 1, 2);
        assertThat(sequences("pose", 0, Integer.MAX_VALUE)).containsExactly(1L, 2L);
    }

    @Test
    void topicsOfOneBatchAreKeptApart() throws IOException {
        open();
        store.append(List.of(message("a", "e1", 1), message("b", "e2", 7), message("a", "e1", 2)));
        assertThat(sequences("a", 0, 10)).containsExactly(1L, 2L);
        assertThat(sequences("b", 0, 10)).containsExactly(7L);
        assertThat(sequences("c", 0, 10)).isEmpty();
    }

    @Test
    void whatWasReadStaysAsItIs() throws IOException {
        open();
        append("pose", "k3f9", 1);
        List<Message> read = store.read("pose", 0, 10);
        append("pose", "k3f9", 2);
        store.forget("pose");
        assertThat(read).extracting(Message::sequence).containsExactly(1L);
    }

    @Test
    void aNewEpochBeginsANewNumbering() throws Exception {
        open();
        append("pose", "old", 1, 2, 3);
        append("pose", "new", 1);
        assertThat(store.read("pose", 0, 10)).extracting(Message::epoch).containsExactly("new");
        append("pose", "new", 2);
        assertStanding(reopen().get(0), "pose", "new", 2);
        assertThat(sequences("pose", 0, 10)).containsExactly(1L, 2L);
    }

    @Test
    void anEpochMayChangeWithinABatch() throws IOException {
        open();
        store.append(List.of(message("pose", "old", 8), message("pose", "new", 1), message("pose", "new", 2)));
        assertThat(store.read("pose", 0, 10)).extracting(Message::epoch).containsExactly("new", "new");
    }

    private static void assertStanding(StoredTopic topic, String name, String epoch, long lastSequence) {
        assertThat(topic.name()).isEqualTo(name);
        assertThat(topic.epoch()).isEqualTo(epoch);
        assertThat(topic.lastSequence()).isEqualTo(lastSequence);
        assertThat(topic.latest().orElseThrow().sequence()).isEqualTo(lastSequence);
    }

    @Test
    void afterARestartEachTopicStandsWhereItStood() throws Exception {
        open();
        append("a", "e1", 1, 2, 3);
        append("b", "e2", 40);
        List<StoredTopic> topics = new ArrayList<>(reopen());
        topics.sort((x, y) -> x.name().compareTo(y.name()));
        assertThat(topics).hasSize(2);
        assertStanding(topics.get(0), "a", "e1", 3);
        assertStanding(topics.get(1), "b", "e2", 40);
        assertThat(sequences("a", 1, 10)).containsExactly(2L, 3L);
    }

    @Test
    void aNumberingGoesOnOverRestarts() throws Exception {
        open();
        for (long sequence = 1; sequence <= 3; sequence++) {
            append("pose", "k3f9", sequence);
            assertStanding(reopen().get(0), "pose", "k3f9", sequence);
        }
        assertThat(sequences("pose", 0, 10)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aForgottenTopicIsGoneForGood() throws Exception {
        open();
        append("pose", "k3f9", 1, 2);
        append("twist", "k3f9", 1);
        store.forget("pose");
        assertThat(sequences("pose", 0, 10)).isEmpty();
        assertThat(reopen()).extracting(StoredTopic::name).containsExactly("twist");
        assertThat(sequences("pose", 0, 10)).isEmpty();
    }

    @Test
    void aForgottenTopicMayBeginAgain() throws Exception {
        open();
        append("pose", "old", 1, 2);
        store.forget("pose");
        append("pose", "new", 1);
        assertThat(store.read("pose", 0, 10)).extracting(Message::epoch).containsExactly("new");
        assertStanding(reopen().get(0), "pose", "new", 1);
    }

    @Test
    void forgettingAnUnknownTopicDoesNothing() throws IOException {
        open();
        append("pose", "k3f9", 1);
        store.forget("other");
        assertThat(sequences("pose", 0, 10)).containsExactly(1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "joints/left/angle",
                "/",
                "..",
                "../../etc/passwd",
                "a b",
                " ",
                "CON",
                "a%2Fb",
                "a\\b",
                "a:b*?",
                "ä🤖",
                "a.",
                "$SYS/load"
            })
    void anyTopicNameWorks(String name) throws Exception {
        open();
        append(name, "k3f9", 1);
        append("other", "k3f9", 2);
        assertThat(reopen()).extracting(StoredTopic::name).containsExactlyInAnyOrder(name, "other");
        assertThat(sequences(name, 0, 10)).containsExactly(1L);
        store.forget(name);
        assertThat(reopen()).extracting(StoredTopic::name).containsExactly("other");
    }

    @Test
    void theLongestTopicNameWorks() throws Exception {
        open();
        append("x".repeat(200), "k3f9", 1);
        assertThat(reopen()).extracting(StoredTopic::name).containsExactly("x".repeat(200));
    }

    @Test
    void namesThatDifferInCaseAreTwoTopics() throws Exception {
        open();
        append("pose", "e1", 1);
        append("Pose", "e2", 2);
        reopen();
        assertThat(sequences("pose", 0, 10)).containsExactly(1L);
        assertThat(sequences("Pose", 0, 10)).containsExactly(2L);
    }

    @Test
    void whatIsDueChangesNothingThatCanBeRead() throws Exception {
        open();
        for (long sequence = 1; sequence <= 5; sequence++) {
            append("pose", "k3f9", sequence);
            Optional<Duration> again = store.idle();
            assertThat(again.orElse(Duration.ZERO)).isGreaterThanOrEqualTo(Duration.ZERO);
        }
        store.idle();
        assertThat(sequences("pose", 0, 10)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertStanding(reopen().get(0), "pose", "k3f9", 5);
    }

    @Test
    void afterAnEndWithoutCloseNoTopicGoesOnInItsEpoch() throws Exception {
        open();
        append("pose", "k3f9", 1, 2, 3);
        Optional<TopicStore> next = afterKill(store);
        assumeThat(next).as("a store that outlives its process").isPresent();
        store = next.orElseThrow();
        for (StoredTopic topic : open()) {
            assertThat(topic.epoch()).isNotEqualTo("k3f9");
            assertThat(store.read(topic.name(), 0, 10))
                    .extracting(Message::epoch)
                    .containsOnly(topic.epoch());
            append(topic.name(), topic.epoch(), topic.lastSequence() + 1);
            assertStanding(reopen().get(0), topic.name(), topic.epoch(), topic.lastSequence() + 1);
        }
    }
}
