package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.protocol.RequestDecoder;
import io.github.robotstream.internal.transport.Arrival;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.worker.Spares;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Refusal BUSY = new Refusal(503, 1013, "overloaded");
    private static final ClientPrincipal GUEST = ClientPrincipal.of("guest", Permissions.none());

    private static final TokenJudge NO_JUDGE = (request, present, onVerdict) -> {};

    private final List<String> verdicts = new ArrayList<>();
    private final List<LogEntry> told = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final SessionRegistry registry = new SessionRegistry(1, 1);
    private final SessionContext context = new SessionContext(
            null,
            new DenyList(clock),
            clock,
            null,
            null,
            null,
            null,
            null,
            null,
            Runnable::run,
            new Spares<>(RequestDecoder::new),
            entry -> told.add(entry.at(clock.now())));

    /** A client that has left: its verdicts are noted, and no session is made. */
    private final class GoneArrival implements Arrival {
        @Override
        public HandshakeRequest request() {
            return new HandshakeRequest(
                    "/wss",
                    Optional.of("token=secret"),
                    Map.of(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
                    List.of());
        }

        @Override
        public boolean admit(Function<Connection, ConnectionListener> session) {
            verdicts.add("admit");
            return false;
        }

        @Override
        public void refuse(Refusal refusal) {
            verdicts.add(refusal.reason());
        }
    }

    private Admission admission() {
        return new Admission(new GoneArrival(), context, registry);
    }

    @Test
    void whoWasRefusedIsNotLetInLater() {
        Admission admission = admission();

        assertThat(admission.refuse(BUSY)).isTrue();
        admission.admit(GUEST, FrameStyle.ENVELOPE, NO_JUDGE);

        assertThat(verdicts).containsExactly("overloaded");
    }

    @Test
    void aSecondRefusalIsNeitherGivenNorTold() {
        Admission admission = admission();
        admission.refuse(BUSY);

        assertThat(admission.refuse(new Refusal(401, 4401, "token_invalid"))).isFalse();

        assertThat(verdicts).containsExactly("overloaded");
        assertThat(told).singleElement().satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("client_refused");
            assertThat(entry.message()).isEqualTo("overloaded");
            assertThat(entry.attributes()).isEqualTo(Map.of("address", "127.0.0.1"));
        });
    }

    @Test
    void whoWasLetInIsNotRefusedLater() {
        Admission admission = admission();
        admission.admit(GUEST, FrameStyle.ENVELOPE, NO_JUDGE);

        assertThat(admission.refuse(BUSY)).isFalse();

        assertThat(verdicts).containsExactly("admit");
        assertThat(told).isEmpty();
    }

    @Test
    void whoHasLeftOrWasRefusedTakesNoPlace() {
        admission().admit(GUEST, FrameStyle.ENVELOPE, NO_JUDGE);
        Admission refused = admission();
        refused.refuse(BUSY);
        refused.admit(GUEST, FrameStyle.ENVELOPE, NO_JUDGE);

        assertThat(registry.reserve("guest")).isTrue();
    }

    @Test
    void withoutAPlaceNobodyIsLetIn() {
        assertThat(registry.reserve("guest")).isTrue();

        admission().admit(GUEST, FrameStyle.ENVELOPE, NO_JUDGE);

        assertThat(verdicts).singleElement().asString().startsWith("overloaded retry_after_ms=4000");
    }
}
