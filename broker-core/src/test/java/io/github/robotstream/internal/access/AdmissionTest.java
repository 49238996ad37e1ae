package io.github.robotstream.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.Dialects;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.spi.AccessRequest;
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
    private static final String BUSY = "overloaded retry_after_ms=2000: tokens cannot be judged now";
    private static final ClientPrincipal GUEST = ClientPrincipal.of("guest", Permissions.none());

    private final List<String> verdicts = new ArrayList<>();
    private final List<LogEntry> told = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final OnePlace sessions = new OnePlace();
    private final AccessContext context = new AccessContext(
            clock,
            null,
            new DenyList(clock),
            new AddressRate(10, 10, nobody -> false, clock::nanoTime),
            entry -> told.add(entry.at(clock.now())),
            (what, cause) -> {});

    /** Room for one session, which never begins. */
    private static final class OnePlace implements Sessions {
        private boolean taken;

        @Override
        public boolean reserve(String subject) {
            boolean free = !taken;
            taken = true;
            return free;
        }

        @Override
        public void release() {
            taken = false;
        }

        @Override
        public ConnectionListener begin(
                ClientPrincipal principal, Connection connection, Dialect dialect, TokenJudge tokenJudge) {
            throw new AssertionError("the client has left");
        }
    }

    /** A client that has left: its verdicts are noted, and no session is made. */
    private final class GoneArrival implements Handshake {
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
        public boolean wantsWebSocket() {
            return true;
        }

        @Override
        public void answer(String contentType, byte[] body) {
            throw new AssertionError(contentType);
        }

        @Override
        public void refuse(Refusal refusal) {
            verdicts.add(refusal.reason());
        }
    }

    private Admission admission() {
        Handshake handshake = new GoneArrival();
        AccessRequest access =
                new AccessRequest(Optional.of("secret"), handshake.request().remoteAddress(), "/wss", Optional.empty());
        return new Admission(handshake, access, new Dialects().of(FrameStyle.ENVELOPE), context, sessions, token -> {});
    }

    @Test
    void whoWasRefusedIsNotLetInLater() {
        Admission admission = admission();

        assertThat(admission.refuse(AccessRefusal.NOT_NOW)).isTrue();
        admission.accept(GUEST);

        assertThat(verdicts).containsExactly(BUSY);
    }

    @Test
    void aSecondRefusalIsNeitherGivenNorTold() {
        Admission admission = admission();
        admission.refuse(AccessRefusal.NOT_NOW);

        assertThat(admission.refuse(AccessRefusal.EXPIRED)).isFalse();

        assertThat(verdicts).containsExactly(BUSY);
        assertThat(told).singleElement().satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("client_refused");
            assertThat(entry.message()).isEqualTo(BUSY);
            assertThat(entry.attributes()).isEqualTo(Map.of("address", "127.0.0.1"));
        });
    }

    @Test
    void whoWasLetInIsNotRefusedLater() {
        Admission admission = admission();
        admission.accept(GUEST);

        assertThat(admission.refuse(AccessRefusal.NOT_NOW)).isFalse();

        assertThat(verdicts).containsExactly("admit");
        assertThat(told).isEmpty();
    }

    @Test
    void whoHasLeftOrWasRefusedTakesNoPlace() {
        admission().accept(GUEST);
        Admission refused = admission();
        refused.refuse(AccessRefusal.NOT_NOW);
        refused.accept(GUEST);

        assertThat(sessions.reserve("guest")).isTrue();
    }

    @Test
    void withoutAPlaceNobodyIsLetIn() {
        assertThat(sessions.reserve("guest")).isTrue();

        admission().accept(GUEST);

        assertThat(verdicts).singleElement().asString().startsWith("overloaded retry_after_ms=4000");
    }
}
