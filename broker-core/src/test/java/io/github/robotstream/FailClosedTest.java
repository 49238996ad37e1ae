package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Leftovers;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not said, said twice or said wrongly opens nothing. */
class FailClosedTest {
    private static final TokenVerifier VERIFIER = request -> ClientPrincipal.of("operator", Permissions.none());

    @Test
    void withoutAWordOnWhoGetsInNothingStarts() {
        assertThatThrownBy(RobotStreamBroker.builder().port(0)::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tokenVerifier")
                .hasMessageContaining("anonymousAccess");
    }

    @Test
    void aSecondVerifierDoesNotTakeThePlaceOfTheFirst() {
        BrokerBuilder builder = RobotStreamBroker.builder().tokenVerifier(VERIFIER);
        assertThatThrownBy(() -> builder.tokenVerifier(VERIFIER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tokenVerifier is set already");
    }

    @Test
    void twoWordsOnWhoGetsInStartNothing() {
        BrokerBuilder both =
                RobotStreamBroker.builder().port(0).tokenVerifier(VERIFIER).anonymousAccess(Permissions.none());
        assertThatThrownBy(both::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tokenVerifier")
                .hasMessageContaining("anonymousAccess");
    }

    @Test
    void aRefusedStartTouchesNeitherStoreNorPort() {
        FakeStore store = new FakeStore();
        Leftovers leftovers = new Leftovers();
        TransportFactory noPort = (settings, tls, listener) -> {
            throw new AssertionError("the port is opened");
        };
        assertThatThrownBy(
                        RobotStreamBroker.builder().port(0).store(store).inTest(hooks -> hooks.transports = noPort)
                                ::start)
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.calls()).isEmpty();
        assertThat(leftovers.threads()).isEmpty();
    }

    @Test
    void withoutNetworkNobodyHasToBeLetIn() throws IOException {
        try (RobotStreamBroker broker =
                RobotStreamBroker.builder().withoutNetwork().start()) {
            assertThatThrownBy(broker::address)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("without network");
        }
    }

    @Test
    void aBuilderThatWasRefusedStartsOnceItIsToldWhoGetsIn() throws IOException {
        BrokerBuilder builder = RobotStreamBroker.builder().port(0);
        assertThatThrownBy(builder::start).isInstanceOf(IllegalStateException.class);
        builder.tokenVerifier(VERIFIER).start().close();
    }

    @Test
    void byDefaultOnlyThisMachineReachesTheBroker() throws IOException {
        try (RobotStreamBroker broker =
                RobotStreamBroker.builder().port(0).tokenVerifier(VERIFIER).start()) {
            assertThat(broker.address().getAddress().isLoopbackAddress()).isTrue();
        }
    }

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                setting("name", "\"\"", b -> b.name("")),
                setting("name", "\"  \"", b -> b.name("  ")),
                setting("name", "x".repeat(65), b -> b.name("x".repeat(65))),
                setting("host", "blank", b -> b.host(" ")),
                setting("port", "-1", b -> b.port(-1)),
                setting("port", "65536", b -> b.port(65_536)),
                setting("path", "\"wss\"", b -> b.path("wss")),
                setting("path", "\"\"", b -> b.path("")),
                setting("path", "/wss?token=", b -> b.path("/wss?token=")),
                setting("path", "/a b", b -> b.path("/a b")),
                setting("path", "x".repeat(200), b -> b.path("/" + "x".repeat(200))),
                setting("closeTimeout", "PT0S", b -> b.closeTimeout(Duration.ZERO)),
                setting("closeTimeout", "PT-1S", b -> b.closeTimeout(Duration.ofSeconds(-1))),
                setting("closeTimeout", "PT10M0.001S", b -> b.closeTimeout(Duration.ofMillis(600_001))),
                limit("messageBytes", "0", l -> l.messageBytes(0)),
                limit("messageBytes", "67108865", l -> l.messageBytes((64 << 20) + 1)),
                limit("queuedMessagesPerSession", "0", l -> l.queuedMessagesPerSession(0)),
                limit("queuedMessagesPerSession", "1000001", l -> l.queuedMessagesPerSession(1_000_001)),
                limit("queuedBytesPerSession", "1023", l -> l.queuedBytesPerSession(1023)),
                limit("queuedBytesPerSession", "1073741825", l -> l.queuedBytesPerSession((1 << 30) + 1)),
                limit("subscriptionsPerSession", "0", l -> l.subscriptionsPerSession(0)),
                limit("newTopicsPerSession", "-1", l -> l.newTopicsPerSession(-1)),
                limit("sessions", "0", l -> l.sessions(0)),
                limit("sessions", "1000001", l -> l.sessions(1_000_001)),
                limit("sessionsPerSubject", "0", l -> l.sessionsPerSubject(0)),
                limit("sessionsPerSubject", "1000001", l -> l.sessionsPerSubject(1_000_001)),
                limit("topics", "0", l -> l.topics(0)),
                limit("publishQueueMessages", "15", l -> l.publishQueueMessages(15)),
                limit("publishQueueMessages", "1048577", l -> l.publishQueueMessages((1 << 20) + 1)),
                limit("publishQueueBytes", "1023", l -> l.publishQueueBytes(1023)),
                limit("queuedBytes", "1023", l -> l.queuedBytes(1023)),
                limit("halfReceivedBytes", "0", l -> l.halfReceivedBytes(0)),
                limit("retainedBytes", "-9223372036854775808", l -> l.retainedBytes(Long.MIN_VALUE)),
                limit("pingAfter", "PT0.099S", l -> l.pingAfter(Duration.ofMillis(99))),
                limit("answerWithin", "PT25H", l -> l.answerWithin(Duration.ofHours(25))),
                limit("writeWithin", "PT0S", l -> l.writeWithin(Duration.ZERO)),
                limit("readWithin", "PT0.001S", l -> l.readWithin(Duration.ofMillis(1))),
                limit("topicIdle", "PT0.999S", l -> l.topicIdle(Duration.ofMillis(999))),
                limit("topicIdle", "PT8784H", l -> l.topicIdle(Duration.ofDays(366))),
                setting(
                        "queueLimit",
                        "0",
                        b -> b.subscribe(SPEED, v -> {}, s -> s.queueLimit(0))
                                .withoutNetwork()
                                .start()));
    }

    private static final Topic<Double> SPEED = Topic.state("speed", "m/s", Double.class);

    private interface Setting {
        void on(BrokerBuilder builder) throws Exception;
    }

    private static Arguments setting(String name, String value, Setting setting) {
        return Arguments.of(name, value, setting);
    }

    private static Arguments limit(String name, String value, Consumer<Limits> change) {
        return setting(name, value, builder -> builder.limits(change));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("wrongSettings")
    void aWrongSettingIsRefusedByItsNameAndValue(String name, String value, Setting setting) {
        assertThatThrownBy(() -> setting.on(RobotStreamBroker.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(value);
    }

    static Stream<Arguments> leftOut() {
        return Stream.of(
                setting("tokenVerifier", "", b -> b.tokenVerifier(null)),
                setting("anonymousAccess", "", b -> b.anonymousAccess(null)),
                setting("store", "", b -> b.store(null)),
                setting("logSink", "", b -> b.logSink(null)),
                setting("callbackExecutor", "", b -> b.callbackExecutor(null)));
    }

    /** Or a verifier that a program failed to make would silently be none, beside anonymousAccess. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("leftOut")
    void aSettingThatIsNullIsRefusedByItsName(String name, String nothing, Setting setting) {
        assertThatThrownBy(() -> setting.on(RobotStreamBroker.builder()))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining(name);
    }

    @Test
    void oneNameStandsForOneTopic() {
        BrokerBuilder builder = RobotStreamBroker.builder().topic(SPEED);
        assertThatThrownBy(() -> builder.topic(Topic.command("speed", "m/s", Double.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("speed");
    }
}
