package io.github.robotstream.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.file.FileTopicStore;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.BinaryMessages;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.SteppedBroker;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker knows of the one before it: with a store the state, never a command. */
class RestartTest {
    private static final Topic<Integer> DRIVE = Topic.command("drive", "any", Integer.class);
    private static final Topic<Integer> STATE = Topic.state("state", "any", Integer.class);

    private final List<Integer> heard = Collections.synchronizedList(new ArrayList<>());

    private static BrokerBuilder builder() {
        return RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none());
    }

    private static void publishAsClient(RobotStreamBroker broker, String topic, int value) throws IOException {
        try (TestClient client = SocketTestClient.connect(broker.address())) {
            client.send(Requests.publish(topic, Integer.toString(value), value));
            assertThat(client.next()).contains("\"ack\"");
        }
    }

    /** A message that comes after everything that was there before. */
    private void hearsOnly(RobotStreamBroker broker, Topic<Integer> topic, int value) {
        broker.publish(topic, value);
        await().until(() -> heard.contains(value));
        assertThat(heard).containsExactly(value);
    }

    @Test
    void bytesAreTheSameAfterAStart(@TempDir Path directory) throws Exception {
        Topic<ByteBuffer> camera = Topic.binary("camera", "image/jpeg");
        ByteBuffer image = ByteBuffer.wrap(new byte[] {-1, 0, 7, -128});
        try (RobotStreamBroker broker =
                builder().store(FileTopicStore.builder(directory).build()).start()) {
            assertThat(broker.publish(camera, image)).isTrue();
        }
        try (RobotStreamBroker broker = builder()
                        .store(FileTopicStore.builder(directory).build())
                        .start();
                TestClient client = SocketTestClient.connect(broker.address())) {
            assertThat(broker.latest(camera)).contains(image);
            client.send("{\"action\":\"subscribe\",\"topic\":\"camera\",\"options\":{\"binary\":true}}");
            assertThat(BinaryMessages.bytes(client.nextBinary())).isEqualTo(image.array());
        }
    }

    @Test
    void aCommandBeforeTheFirstListenerReachesNone() throws Exception {
        try (RobotStreamBroker broker = builder().topic(DRIVE).start()) {
            publishAsClient(broker, "drive", 1);
            broker.publish(DRIVE, 2);
            broker.subscribe(DRIVE, heard::add, settings -> settings.retained());
            hearsOnly(broker, DRIVE, 3);
            assertThat(broker.latest(DRIVE)).isEmpty();
        }
    }

    @Test
    void aCommandBetweenTwoListenersReachesNone() throws Exception {
        try (RobotStreamBroker broker = builder().topic(DRIVE).start()) {
            broker.subscribe(DRIVE, n -> {}).close();
            publishAsClient(broker, "drive", 1);
            broker.subscribe(
                    TopicFilter.of("#"),
                    message -> heard.add(message.payload().json().length()),
                    s -> s.retained());
            broker.publish(DRIVE, 22);
            await().until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly(2);
        }
    }

    @Test
    void aCommandBeforeTheTopicWasDeclaredReachesNone() throws Exception {
        try (RobotStreamBroker broker = builder().start()) {
            publishAsClient(broker, "drive", 1);
            broker.subscribe(DRIVE, heard::add, settings -> settings.retained());
            assertThat(broker.latest(DRIVE)).isEmpty();
            hearsOnly(broker, DRIVE, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommandBeforeARestartReachesNoListener(boolean declared) throws Exception {
        TopicStore store = TopicStore.inMemory();
        BrokerBuilder first = builder().store(store);
        try (RobotStreamBroker broker = declared ? first.topic(DRIVE).start() : first.start()) {
            publishAsClient(broker, "drive", 1);
        }
        try (RobotStreamBroker broker = builder()
                .store(store)
                .subscribe(DRIVE, heard::add, settings -> settings.retained())
                .start()) {
            assertThat(broker.latest(DRIVE)).isEmpty();
            hearsOnly(broker, DRIVE, 2);
        }
    }

    @Test
    void aCommandNeverGetsIntoAStore() throws Exception {
        FakeStore store = new FakeStore();
        try (RobotStreamBroker broker = builder().store(store).topic(DRIVE).start()) {
            publishAsClient(broker, "drive", 1);
            broker.publish(DRIVE, 2);
            broker.publish(STATE, 3);
        }
        assertThat(store.batches().stream().flatMap(List::stream))
                .extracting(Message::topic)
                .containsExactly("state");
    }

    @Test
    void noMessageOfTheBrokersOwnGetsIntoAStore() throws Exception {
        FakeStore store = new FakeStore();
        try (RobotStreamBroker broker = builder().store(store).start()) {
            publishAsClient(broker, "state", 1);
        }
        assertThat(store.batches().stream().flatMap(List::stream))
                .extracting(Message::topic)
                .containsOnly("state");
    }

    @Test
    void aStateComesBackAndItsNumbersGoOn() throws Exception {
        TopicStore store = TopicStore.inMemory();
        List<Message> before = Collections.synchronizedList(new ArrayList<>());
        List<Message> after = Collections.synchronizedList(new ArrayList<>());
        try (RobotStreamBroker broker = builder()
                .store(store)
                .subscribe(TopicFilter.of("state"), before::add)
                .start()) {
            broker.publish(STATE, 1);
            publishAsClient(broker, "state", 2);
        }
        try (RobotStreamBroker broker = builder().store(store).start();
                TestClient client = SocketTestClient.connect(broker.address())) {
            assertThat(broker.latest(STATE)).contains(2);
            client.send(Requests.subscribe("state"));
            assertThat(client.next()).isEqualTo(Requests.delivered("state", "any", "2"));
            broker.subscribe(TopicFilter.of("state"), after::add, settings -> settings.retained());
            broker.publish(STATE, 3);
            await().until(() -> after.size() == 2);
        }
        assertThat(before).extracting(Message::sequence).containsExactly(1L, 2L);
        assertThat(after).extracting(Message::sequence).containsExactly(2L, 3L);
        assertThat(after).extracting(Message::epoch).containsOnly(before.get(0).epoch());
        assertThat(after.get(0).time()).isEqualTo(before.get(1).time());
        assertThat(after.get(0).publisher()).isEqualTo("anonymous");
    }

    @Test
    void aStateComesBackFromFilesAndItsNumbersGoOn(@TempDir Path directory) throws Exception {
        List<Message> messages = Collections.synchronizedList(new ArrayList<>());
        for (int run = 1; run <= 3; run++) {
            try (RobotStreamBroker broker = builder()
                    .store(FileTopicStore.builder(directory).build())
                    .subscribe(TopicFilter.of("state"), messages::add)
                    .start()) {
                assertThat(broker.latest(STATE)).isEqualTo(run == 1 ? Optional.empty() : Optional.of(run - 1));
                broker.publish(STATE, run);
            }
        }
        assertThat(messages).extracting(Message::sequence).containsExactly(1L, 2L, 3L);
        assertThat(messages)
                .extracting(Message::epoch)
                .containsOnly(messages.get(0).epoch());
    }

    @Test
    void whatTheStoreFoundDamagedIsInTheLog(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("000000000001.log"), "this is no segment, and larger than its head");
        List<String> logged = Collections.synchronizedList(new ArrayList<>());
        try (RobotStreamBroker broker = builder()
                .store(FileTopicStore.builder(directory).build())
                .logSink(entry -> logged.add(entry.event()))
                .start()) {
            assertThat(broker.stats().notStored()).isZero();
        }
        assertThat(logged).contains("store_repaired");
    }

    @Test
    void withoutAStoreNothingComesBackAndTheNumberingIsAnother() throws Exception {
        List<Message> messages = Collections.synchronizedList(new ArrayList<>());
        for (int run = 0; run < 2; run++) {
            try (RobotStreamBroker broker =
                    builder().subscribe(TopicFilter.of("state"), messages::add).start()) {
                assertThat(broker.latest(STATE)).isEmpty();
                broker.publish(STATE, run);
            }
        }
        assertThat(messages).extracting(Message::sequence).containsExactly(1L, 1L);
        assertThat(messages.get(0).epoch()).isNotEqualTo(messages.get(1).epoch());
    }

    @Test
    void aTopicThatWasClearedComesBackEmptyAndWithAnotherNumbering() throws Exception {
        TopicStore store = TopicStore.inMemory();
        List<Message> messages = Collections.synchronizedList(new ArrayList<>());
        try (RobotStreamBroker broker = builder()
                .store(store)
                .subscribe(TopicFilter.of("state"), messages::add)
                .start()) {
            broker.publish(STATE, 1);
            broker.clear(STATE);
        }
        try (RobotStreamBroker broker = builder()
                .store(store)
                .subscribe(TopicFilter.of("state"), messages::add)
                .start()) {
            assertThat(broker.latest(STATE)).isEmpty();
            broker.publish(STATE, 2);
        }
        assertThat(messages).extracting(Message::sequence).containsExactly(1L, 1L);
        assertThat(messages.get(0).epoch()).isNotEqualTo(messages.get(1).epoch());
    }

    @Test
    void aStoreThatLostTheLastMessagesStartsANewNumbering() throws Exception {
        FakeStore store = new FakeStore();
        try (RobotStreamBroker broker = builder().store(store).start()) {
            store.failWith(new IOException("the disk is full"));
            broker.publish(STATE, 1);
            await().until(() -> broker.stats().notStored() == 1);
            store.failWith(null);
        }
        assertThat(store.calls()).containsSubsequence("append 1", "forget state", "close");
    }

    @Test
    void aStoredTopicThatBelongsToTheBrokerIsPassedOver() throws Exception {
        FakeStore store = new FakeStore().standing(List.of(new StoredTopic("server_logs", "old", 7, Optional.empty())));
        List<Message> messages = Collections.synchronizedList(new ArrayList<>());
        RobotStreamBroker broker = builder()
                .store(store)
                .subscribe(TopicFilter.of("server_logs"), messages::add)
                .start();
        await().until(() -> !messages.isEmpty());
        broker.close();
        assertThat(messages.get(0).epoch()).isNotEqualTo("old");
    }

    @Test
    void whatExpiresIsForgottenInTheStoreTooAndBeginsAnew() throws Exception {
        FakeStore store = new FakeStore();
        try (SteppedBroker stepped = new SteppedBroker(builder -> builder.store(store))) {
            stepped.broker.publish("left", Payload.of("n", "any", "1"));
            stepped.settle().clock.advance(Duration.ofMinutes(11));
            stepped.await("the store", () -> store.calls().contains("forget left"));
            stepped.broker.publish("left", Payload.of("n", "any", "2"));
            stepped.settle();
        }
        assertThat(store.calls()).containsSubsequence("append 1", "forget left", "append 1", "close");
    }
}
