package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.AgeSummary;
import io.github.robotstream.BrokerStats;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.TopicSnapshot;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What robot code sees of its clients. */
class ProtocolSnapshotTest extends ProtocolContract {

    @Test
    void aSnapshotOfASessionTellsWhoItIsAndWhatItDoes() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(
                request -> ClientPrincipal.of(request.token().orElseThrow(), Permissions.all())));
        assertThat(test.broker().sessions()).isEmpty();
        ContractClient client = test.connect("token=operator-3");
        client.send(subscribe("pose"))
                .send(subscribe("joints/#"))
                .send(subscribe("x"))
                .send(unsubscribe("x"));
        robotPublishes("pose", "1");
        robotPublishes("joints/left", "2");
        client.frames();

        SessionSnapshot session = test.broker().sessions().get(0);

        assertThat(session.id()).isEqualTo("c-1");
        assertThat(session.principal().name()).isEqualTo("operator-3");
        assertThat(session.connectedAt()).isEqualTo(ManualClock.BEGIN);
        assertThat(session.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
        assertThat(session.subscriptions()).isEqualTo(Set.of("pose", "joints/#"));
        assertThat(session.delivered()).isEqualTo(2);
        assertThat(session.dropped()).isZero();
        assertThat(session.queuedMessages()).isZero();
        assertThat(session.queuedBytes()).isZero();
    }

    @Test
    void agesAreThoseOfLiveMessagesWhenTheSocketTookThemAndWhenTheyWereRead() throws Exception {
        start();
        robotPublishes("pose", "\"a last value\"");
        test.clock.advance(Duration.ofHours(1));
        ContractClient client = subscriber("pose");
        client.frames();
        assertThat(session().sentAges().samples()).isZero();
        assertThat(session().readAges().samples()).isZero();

        client.stopReading();
        test.broker().publish("pose", Payload.of("pose", "text", "\"" + "x".repeat(1000) + "\""));
        test.clock.advance(Duration.ofMillis(300));
        test.step();
        assertThat(session().sentAges()).isEqualTo(once(Duration.ofMillis(300)));
        assertThat(session().readAges().samples()).as("read so far").isZero();

        test.clock.advance(Duration.ofMillis(400));
        client.resumeReading();
        client.frame();
        assertThat(session().sentAges()).isEqualTo(once(Duration.ofMillis(300)));
        assertThat(session().readAges()).isEqualTo(once(Duration.ofMillis(700)));
        assertThat(test.broker().stats().sentAges()).isEqualTo(session().sentAges());
        assertThat(test.broker().stats().readAges()).isEqualTo(session().readAges());
    }

    @Test
    void ofEachTopicIsToldWhatItsClientsLostAndHowOldItsMessagesAre() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(16)));
        robotPublishes("quiet", "\"before anybody is there\"");
        ContractClient reader = subscriber("#");
        reader.frames();
        ContractClient slow = subscriber("busy");
        slow.stopReading();
        for (int i = 0; i < 100; i++) {
            robotPublishes("busy", "\"" + "x".repeat(20_000) + "\"");
        }
        reader.frames(100);
        test.broker().publish("quiet", Payload.of("quiet", "text", "1"));
        test.clock.advance(Duration.ofMillis(300));
        reader.frame();

        TopicSnapshot busy = topic("busy");
        SessionSnapshot stuck = test.broker().sessions().get(1);
        assertThat(busy.messages()).isEqualTo(100);
        assertThat(busy.dropped()).isEqualTo(stuck.dropped()).isPositive();
        assertThat(busy.queued()).isEqualTo(stuck.queuedMessages()).isPositive();
        assertThat(busy.sentAges().samples()).isEqualTo(100 + stuck.delivered());
        assertThat(topic("quiet")).isEqualTo(new TopicSnapshot("quiet", 2, 0, 0, once(Duration.ofMillis(300))));

        slow.abort();
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
        assertThat(topic("busy").queued()).isZero();
        assertThat(topic("busy").dropped())
                .as("what waited at its end was not lost")
                .isEqualTo(stuck.dropped());
    }

    private TopicSnapshot topic(String name) {
        return test.broker().topics().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private SessionSnapshot session() {
        return test.broker().sessions().get(0);
    }

    private static AgeSummary once(Duration age) {
        return new AgeSummary(1, age, age, age);
    }

    @Test
    void whatWasOfferedIsDeliveredDroppedSkippedOrQueued() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(16)));
        ContractClient quick = subscriber("pose");
        ContractClient reader = connect();
        reader.send(with("'options':{'min_level':'ERROR'}", subscribe("server_logs")));
        ContractClient slow = subscriber("pose");
        slow.stopReading();
        for (int i = 0; i < 100; i++) {
            robotPublishes("pose", "\"" + "x".repeat(20_000) + "\"");
        }
        quick.frames(100);

        BrokerStats stats = test.broker().stats();
        SessionSnapshot stuck = test.broker().sessions().stream()
                .filter(session -> session.id().equals("c-3"))
                .findFirst()
                .orElseThrow();
        assertThat(stats.sessions()).isEqualTo(3);
        assertThat(stats.queued()).isEqualTo(stuck.queuedMessages()).isBetween(1L, 16L);
        assertThat(stuck.queuedBytes() / stuck.queuedMessages()).isBetween(20_000L, 20_200L);
        assertThat(stats.droppedByCause().get("queue_full"))
                .isEqualTo(stuck.dropped())
                .isPositive();
        assertThat(stats.delivered()).isEqualTo(100 + stuck.delivered());
        assertThat(stats.skipped()).isPositive();
        assertThat(stats.offered()).isEqualTo(stats.delivered() + stats.dropped() + stats.skipped() + stats.queued());
        assertThat(stats.offered() - stats.skipped()).isEqualTo(200);

        slow.abort();
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(2));
        assertThat(test.broker().stats().queued()).isZero();
        assertThat(test.broker().stats().droppedByCause().get("ended")).isPositive();
    }
}
