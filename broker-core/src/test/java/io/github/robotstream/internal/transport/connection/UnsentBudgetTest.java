package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for sockets has room for a message and a half of a million bytes; time passes when the test says so. */
class UnsentBudgetTest {
    private static final int MILLION = 1_000_000;

    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport =
            InMemoryTransport.manual(TestSettings.anyPort(changed -> changed.unsentBytes = MILLION * 3 / 2), sessions);

    private RecordingSession stuckWith(byte[] text) throws Exception {
        transport.connect().stopReading();
        RecordingSession session = sessions.next();
        assertThat(session.send(text)).isTrue();
        assertThat(session.connection.unsentBytes()).isPositive();
        return session;
    }

    @Test
    void whoHasStoodStillLongestWithMostIsCutOffAndNobodyElse() throws Exception {
        TestClient healthy = transport.connect();
        RecordingSession reader = sessions.next();
        RecordingSession first = stuckWith(new byte[MILLION]);
        transport.advance(Duration.ofSeconds(2));
        reader.sendNow("there is room yet");
        assertThat(first.closed).isEmpty();
        RecordingSession second = stuckWith(new byte[MILLION]);
        transport.advance(Duration.ofSeconds(1));

        reader.sendNow("somebody has to go");
        transport.settle();

        assertThat(first.awaitClosed()).startsWith("1013 overloaded: ").endsWith(" by us");
        assertThat(second.closed).isEmpty();
        assertThat(first.connection.unsentBytes()).isZero();
        assertThat(healthy.next()).isEqualTo("there is room yet");
        assertThat(healthy.next()).isEqualTo("somebody has to go");
        assertThat(transport.connections()).isEqualTo(2);
    }

    @Test
    void aMessageThatWaitsForManyIsOneInMemory() throws Exception {
        byte[] one = new byte[MILLION];
        List<RecordingSession> stuck = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stuck.add(stuckWith(one));
        }
        transport.connect();
        sessions.next().sendNow("nobody has to go");
        transport.settle();

        assertThat(stuck).allSatisfy(session -> assertThat(session.closed).isEmpty());
    }

    @Test
    void aBodyCountsOnceInWhateverMessagesItWaits() {
        UnsentBudget budget = new UnsentBudget(MILLION, () -> 0);
        byte[] body = new byte[MILLION];
        List<OutboundMessage> messages = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            messages.add(OutboundMessage.binary(new byte[100 + i], body, MILLION - 1));
            messages.add(OutboundMessage.text(body).withTail(1, new byte[200 + i]));
        }
        messages.forEach(budget::hold);
        assertThat(budget.heldBytes()).isBetween(MILLION + 15_000L, MILLION + 30_000L);
        messages.forEach(budget::release);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void whatIsHeldIsWhatWasNotReleased() {
        UnsentBudget budget = new UnsentBudget(MILLION, () -> 0);
        OutboundMessage small = OutboundMessage.text(new byte[100]);
        OutboundMessage large = OutboundMessage.text(new byte[MILLION]);
        budget.hold(small);
        budget.hold(small);
        long smalls = budget.heldBytes();
        assertThat(smalls).isBetween(200L, 400L);
        budget.hold(large);
        budget.hold(large);
        assertThat(budget.heldBytes()).isBetween(MILLION + 200L, MILLION + 500L);
        assertThat(budget.isExceeded()).isTrue();
        budget.release(large);
        assertThat(budget.isExceeded()).isTrue();
        budget.release(large);
        assertThat(budget.heldBytes()).isEqualTo(smalls);
        budget.release(small);
        budget.release(small);
        assertThat(budget.heldBytes()).isZero();
    }
}
