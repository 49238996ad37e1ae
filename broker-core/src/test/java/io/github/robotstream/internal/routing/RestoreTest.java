package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Topics that go on where their store says they stood. */
class RestoreTest {
    private final RouterFixture fixture = new RouterFixture(3, 1 << 20);

    private static StoredTopic stored(String name, long sequence, String json, Instant time) {
        Message latest = new Message(name, Payload.of("n", "t", json), "k1", sequence, time, "operator");
        return new StoredTopic(name, "k1", sequence, Optional.of(latest));
    }

    private static StoredTopic stored(String name, long sequence, String json) {
        return stored(name, sequence, json, ManualClock.BEGIN);
    }

    @Test
    void numbersAndEpochGoOn() {
        fixture.router.restore(stored("pose", 41, "7"));
        Message next = fixture.publish("pose", 8).toMessage();
        assertThat(next.sequence()).isEqualTo(42);
        assertThat(next.epoch()).isEqualTo("k1");
    }

    @Test
    void theLastValueIsThereAsItWas() {
        fixture.router.restore(stored("pose", 41, "7"));
        Message latest = fixture.topic("pose").latest().toMessage();
        assertThat(latest.payload()).isEqualTo(Payload.of("n", "t", "7"));
        assertThat(latest.sequence()).isEqualTo(41);
        assertThat(latest.epoch()).isEqualTo("k1");
        assertThat(latest.publisher()).isEqualTo("operator");
        assertThat(latest.time()).isEqualTo(ManualClock.BEGIN);
        RouterFixture.Client client = fixture.new Client(10);
        client.subscribeRetained("pose");
        fixture.publish("pose", 8);
        assertThat(client.receiveAll()).containsExactly("pose 7", "pose 8");
    }

    @Test
    void theLastValueIsAsOldAsTheWallClockSays() {
        Instant before = ManualClock.BEGIN.minus(Duration.ofHours(3));
        fixture.router.restore(stored("pose", 41, "7", before));
        long age = fixture.clock.nanoTime() - fixture.topic("pose").latest().arrivedNanos();
        assertThat(Duration.ofNanos(age)).isEqualTo(Duration.ofHours(3));
    }

    @Test
    void aValueFromTheFutureOrFromLongAgoIsTakenToo() {
        fixture.router.restore(stored("future", 1, "7", ManualClock.BEGIN.plusSeconds(60)));
        fixture.router.restore(stored("past", 1, "7", Instant.MIN));
        long now = fixture.clock.nanoTime();
        assertThat(now - fixture.topic("future").latest().arrivedNanos()).isZero();
        assertThat(Duration.ofNanos(now - fixture.topic("past").latest().arrivedNanos()))
                .isGreaterThan(Duration.ofDays(36_000));
    }

    @Test
    void aTopicWithoutALastValueGoesOnToo() {
        fixture.router.restore(new StoredTopic("pose", "k1", 41, Optional.empty()));
        assertThat(fixture.topic("pose").latest()).isNull();
        assertThat(fixture.publish("pose", 1).sequence()).isEqualTo(42);
    }

    @Test
    void aCommandTopicGoesOnWithoutAValue() {
        TopicState drive = fixture.command("drive");
        fixture.router.restore(stored("drive", 41, "7"));
        assertThat(drive.retained()).isNull();
        assertThat(fixture.publish(drive, 1).sequence()).isEqualTo(42);
    }

    @Test
    void aValueThatIsNoJsonReachesNobodyAndIsTold() {
        fixture.router.restore(stored("pose", 41, "7},\"x\":{"));
        fixture.router.restore(stored("arm", 3, "NaN"));
        assertThat(fixture.topic("pose").latest()).isNull();
        assertThat(fixture.topic("arm").latest()).isNull();
        assertThat(fixture.publish("pose", 1).sequence())
                .as("its numbers go on")
                .isEqualTo(42);
        assertThat(fixture.logged)
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.event()).isEqualTo("stored_topic_refused"));
    }

    @Test
    void topicsWithoutRoomAndThoseOfTheBrokerAreNotTakenOverAndThatIsTold() {
        for (String name : List.of("a", "b", "c", "d", "server_logs", "$x")) {
            fixture.router.restore(stored(name, 1, "7"));
        }
        assertThat(fixture.topics.all()).hasSize(3);
        assertThat(fixture.logged)
                .extracting(entry -> entry.topic().orElse(""))
                .containsExactly("d", "server_logs", "$x");
    }

    @Test
    void aRestoredTopicExpiresLikeAnyOther() {
        fixture.router.restore(stored("pose", 41, "7", ManualClock.BEGIN.minus(Duration.ofDays(9))));
        fixture.clock.advance(Duration.ofMinutes(10));
        fixture.sweep(Duration.ofMinutes(10));
        assertThat(fixture.topics.find("pose")).isNotNull();
        fixture.clock.advance(Duration.ofNanos(1));
        fixture.sweep(Duration.ofMinutes(10));
        assertThat(fixture.topics.find("pose")).isNull();
    }
}
