package io.github.robotstream.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.protocol.Dialects;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.History;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.StoredPage;
import io.github.robotstream.internal.routing.TopicMaker;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.worker.ByteBudget;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.ManualClock;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that ends before the broker thread came round to it; the test takes that thread's steps. */
class SessionEndTest {
    private static final long REQUEST_BYTES = 1 << 20;
    private static final Duration TOKENS_TIME = Duration.ofMinutes(10);

    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters();
    private final TopicTable topics = new TopicTable("e1", 20_000, 1 << 20, 0);
    private final Router router = new Router(clock, topics, 1 << 20, counters, new NoHistory(), logged -> {});
    private final BrokerLoop loop =
            new BrokerLoop(clock, new RobotLane(16, 1024, new MessageRun(32, 1024), router::route), 0, fault -> {
                if (!(fault instanceof OutOfMemoryError)) {
                    throw new AssertionError(fault);
                }
            });
    private final List<String> told = new ArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();
    /** What finds no memory the next time: the entry of the log that begins so. */
    private String noMemoryFor = "";

    private final SessionContext context = context();
    private final ByteBudget requests = context.requestBudget;
    private final Session session = session((request, present, onVerdict) -> {});

    @Test
    void whatAClientAskedBeforeItLeftIsDone() {
        for (int i = 0; i < 200; i++) {
            session.onText(publish(i), 0);
        }
        session.onClosed(CloseCode.NORMAL, "", true);
        run();
        assertThat(counters.get(Counters.Count.PUBLISHED)).isEqualTo(200);
        assertThat(ends).hasValue(1);
    }

    @Test
    void whatAClientAskedIsNotDoneOnceTheBrokerHasClosedItsSession() {
        session.onText(publish(1), 0);
        session.close(CloseCode.FORBIDDEN, "enough");
        session.onClosed(CloseCode.FORBIDDEN, "enough", false);
        run();
        assertThat(counters.get(Counters.Count.PUBLISHED)).isZero();
        assertThat(ends).hasValue(1);
    }

    @Test
    void whatAClientAskedIsNotDoneOnceItsTokenHasEndedHoweverLateTheBrokerComesToIt() {
        run();
        session.onText(publish(1), 0);
        session.onClosed(CloseCode.NORMAL, "", true);
        clock.advance(TOKENS_TIME);
        run();
        assertThat(counters.get(Counters.Count.PUBLISHED)).isZero();
        assertThat(ends).hasValue(1);
    }

    @Test
    void aSessionThatTheBrokerClosesGivesTheRoomOfItsRequestsBackBeforeItsSocketIsClosed() {
        for (int i = 0; i < 100; i++) {
            session.onText(publish(i), 0);
        }
        assertThat(requests.tryReserve(REQUEST_BYTES)).isFalse();
        session.close(CloseCode.FORBIDDEN, "enough");
        run();
        assertThat(requests.tryReserve(REQUEST_BYTES)).isTrue();
    }

    @Test
    void aSessionWhoseConnectionDoesNotTellItsEndEndsAllTheSame() {
        run();
        session.close(CloseCode.FORBIDDEN, "enough");
        run();
        advance(Duration.ofSeconds(14));
        assertThat(ends).hasValue(0);
        advance(Duration.ofSeconds(1));
        assertThat(ends).hasValue(1);
        assertThat(lastTold()).contains("c-1 was sent away", "code=4403", "reason=enough");

        session.onClosed(CloseCode.FORBIDDEN, "enough", false);
        run();
        assertThat(ends).hasValue(1);
    }

    @Test
    void aSessionThatHasLeftEndsThoughNoVerdictComes() {
        session.onText("{\"action\":\"auth\",\"token\":\"t\"}".getBytes(UTF_8), 0);
        session.onText(publish(1), 0);
        session.onText(publish(2), 0);
        session.onClosed(CloseCode.NORMAL, "", true);
        run();
        advance(Duration.ofSeconds(9));
        assertThat(ends).hasValue(0);
        advance(Duration.ofSeconds(1));
        assertThat(ends).hasValue(1);
        assertThat(counters.get(Counters.Count.PUBLISHED)).isZero();
        assertThat(lastTold()).contains("c-1 left", "undone=3");
    }

    @Test
    void aRequestThatComesWhileTheSessionIsBeingClosedGivesItsRoomBackToo() {
        run();
        session.onText(publish(1), 0);
        for (int i = 0; i < 100; i++) {
            session.onText(publish(i), 0);
        }
        session.close(CloseCode.FORBIDDEN, "enough");
        run();
        session.onClosed(CloseCode.FORBIDDEN, "enough", false);
        run();
        assertThat(requests.tryReserve(REQUEST_BYTES)).isTrue();
        assertThat(lastTold()).contains("undone=101");
    }

    private void advance(Duration time) {
        clock.advance(time);
        run();
    }

    private String lastTold() {
        return told.get(told.size() - 1);
    }

    @Test
    void aSessionEndsOnceAndLeavesNoSubscription() {
        session.onText(subscribe("pose"), 0);
        session.onClosed(CloseCode.NORMAL, "", true);
        session.onWritable();
        run();
        session.onWritable();
        run();
        assertThat(ends).hasValue(1);
        assertThat(session.view().subscriptions()).isEmpty();
        assertThat(router.subscriptions().anyFor("pose")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_connected", "client_disconnected"})
    void aSessionThatFindsNoMemoryToBeginOrToEndDoesSoInItsNextTurn(String event) {
        noMemoryFor = event;
        session.onText(subscribe("pose"), 0);
        run();
        advance(Duration.ofSeconds(1));
        session.onClosed(CloseCode.NORMAL, "", true);
        run();
        advance(Duration.ofSeconds(1));
        assertThat(noMemoryFor).isEmpty();
        assertThat(told).filteredOn(entry -> entry.contains("got in")).hasSize(1);
        assertThat(ends).hasValue(1);
        assertThat(router.subscriptions().anyFor("pose")).isFalse();
    }

    @Test
    void aSessionWithManySubscriptionsLeavesNoneOfThem() {
        for (int i = 0; i < 100; i++) {
            session.onText(subscribe("pose/" + i), 0);
        }
        run();
        assertThat(session.view().subscriptions()).hasSize(100);
        session.close(CloseCode.FORBIDDEN, "enough");
        session.onClosed(CloseCode.FORBIDDEN, "enough", false);
        run();
        assertThat(ends).hasValue(1);
        for (int i = 0; i < 100; i++) {
            assertThat(router.subscriptions().anyFor("pose/" + i)).isFalse();
        }
        assertThat(counters.queued()).isZero();
    }

    @Test
    void aSessionThatIsClosedAmidARequestAsksForNoMoreTurns() {
        for (int i = 0; i < 10_000; i++) {
            topics.findOrMake("t" + i + "/a", TopicMaker.ROBOT);
        }
        run();
        session.onText("{\"action\":\"subscribe\",\"id\":1,\"topic\":\"+/none\"}".getBytes(UTF_8), 0);
        assertThat(loop.step()).as("more is to be looked at").isTrue();
        session.close(CloseCode.FORBIDDEN, "enough");
        run();
        assertThat(ends).hasValue(0);
    }

    @Test
    void noTokenIsKeptAfterItWasJudged() {
        AtomicReference<WeakReference<Auth>> judged = new AtomicReference<>();
        Session other = session((request, present, onVerdict) -> {
            judged.set(new WeakReference<>(request));
            onVerdict.notRenewed(RequestError.answering(request, ErrorCode.UNAUTHORIZED, "no"), Optional.empty());
        });
        other.onText("{\"action\":\"auth\",\"token\":\"s3cret\"}".getBytes(UTF_8), 0);
        run();
        assertThat(judged.get()).isNotNull();
        Awaitility.await().until(() -> {
            System.gc();
            return judged.get().get() == null;
        });
    }

    private static byte[] subscribe(String filter) {
        return ("{\"action\":\"subscribe\",\"topic\":\"" + filter + "\"}").getBytes(UTF_8);
    }

    /** With an id, so that each wants a reply that can never leave. */
    private static byte[] publish(int id) {
        return ("{\"action\":\"publish\",\"id\":" + id
                        + ",\"topic\":\"pose\",\"data\":{\"name\":\"n\",\"type\":\"int\",\"data\":" + id + "}}")
                .getBytes(UTF_8);
    }

    private void run() {
        int steps = 0;
        while (loop.step()) {
            assertThat(++steps).as("steps").isLessThan(1_000);
        }
    }

    private SessionContext context() {
        Settings settings = new Settings();
        settings.messageBytes = 1024;
        settings.halfReceivedBytes = REQUEST_BYTES;
        RoutingContext routing = new RoutingContext(
                clock,
                loop,
                router,
                entry -> {
                    LogEntry dated = entry.at(clock.now());
                    if (dated.event().equals(noMemoryFor)) {
                        noMemoryFor = "";
                        throw new OutOfMemoryError("of the test");
                    }
                    told.add(dated + " " + dated.attributes());
                },
                (what, cause) -> {});
        return new SessionContext(
                routing,
                new Identity("robot", "e1", 0),
                new DenyList(clock),
                settings,
                new CodecThreads(),
                new NobodyTold());
    }

    private Session session(TokenJudge judge) {
        return new Session(
                "c-1",
                ClientPrincipal.of("tester", Permissions.all())
                        .expiringAt(clock.now().plus(TOKENS_TIME)),
                new GoneConnection(),
                new Dialects().of(FrameStyle.ENVELOPE),
                context,
                judge,
                ended -> ends.incrementAndGet());
    }

    /** A connection whose socket is closed already. */
    private static final class GoneConnection implements Connection {
        @Override
        public boolean send(Outgoing messages) {
            return false;
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(int code, String reason) {}

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public long unsentBytes() {
            return 0;
        }
    }

    private static final class NoHistory implements History {
        @Override
        public void keep(RoutedMessage message) {}

        @Override
        public void forget(String topic) {}

        @Override
        public boolean isReadable() {
            return false;
        }

        @Override
        public void read(TopicState topic, long afterSequence, int limit, Consumer<StoredPage> then) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class NobodyTold implements SessionEvents {
        @Override
        public void opened(Session session) {}

        @Override
        public void closed(Session session, int code, String reason) {}

        @Override
        public void slow(Session session) {}
    }
}
