package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.FakeSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A command topic that has a watchdog gets its safe value when nobody commands any more. */
class ProtocolWatchdogTest extends ProtocolContract {
    private static final Topic<Double> SPEED = Topic.command("speed", "float", Double.class);
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final Duration LESS = Duration.ofMillis(199);
    private static final Duration REST = Duration.ofMillis(1);
    private static final Permissions ALL = Permissions.all();

    private final List<Double> heard = new CopyOnWriteArrayList<>();
    private final FakeSink sink = new FakeSink();
    private final TokenTable tokens = new TokenTable();

    private void startWatched() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens)
                .logSink(sink)
                .topic(SPEED, topic -> topic.watchdog(SILENCE, 0.0))
                .subscribe(SPEED, heard::add));
        tokens.with("a", ClientPrincipal.of("a", ALL))
                .with("b", ClientPrincipal.of("b", ALL))
                .with("narrow", ClientPrincipal.of("a", Permissions.none().subscribe("#")))
                .with(
                        "short",
                        () -> ClientPrincipal.of("a", ALL)
                                .expiringAt(test.clock.now().plusMillis(50)));
    }

    private ContractClient client(String token) throws Exception {
        return test.connect("token=" + token);
    }

    private void robotCodeHears(Double... values) {
        test.awaitThat(() -> assertThat(heard).containsExactly(values));
    }

    private List<LogEntry> told() {
        String mark = "mark " + System.nanoTime();
        test.broker().log(LogEntry.of(LogEntry.Level.INFO, mark, "all before is told"));
        test.awaitThat(() -> assertThat(sink.events()).contains(mark));
        return sink.entries().stream()
                .filter(entry -> entry.event().equals("safe_value"))
                .toList();
    }

    private void assertTold(String reason, String client) {
        assertTold(LogEntry.Level.WARN, reason, client);
    }

    private void assertTold(LogEntry.Level level, String reason, String client) {
        assertThat(told()).singleElement().satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(level);
            assertThat(entry.topic()).contains("speed");
            assertThat(entry.client()).contains(client);
            assertThat(entry.attributes()).containsOnly(Map.entry("reason", reason));
        });
    }

    @Test
    void whereNoCommandComesForSoLongListenersAndSubscribersGetTheSafeValueOnce() throws Exception {
        startWatched();
        ContractClient watching = client("b").send(subscribe("speed"));
        client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        test.advance(LESS);
        assertThat(watching.frame()).isEqualTo(message("speed", "0.5"));

        test.advance(REST);
        assertThat(watching.frame()).isEqualTo(message("speed", "0.0"));
        robotCodeHears(0.5, 0.0);

        test.advance(Duration.ofMinutes(1));
        watching.hearsNothing();
        robotCodeHears(0.5, 0.0);
        assertTold("silence", "c-2");
    }

    @Test
    void eachCommandKeepsItGoingForSoLongAgain() throws Exception {
        startWatched();
        ContractClient client = client("a");
        for (int i = 0; i < 5; i++) {
            client.send(message("speed", "0.5"));
            int count = i + 1;
            test.awaitThat(() -> assertThat(heard).hasSize(count));
            test.advance(LESS);
        }
        robotCodeHears(0.5, 0.5, 0.5, 0.5, 0.5);
        test.advance(REST);
        robotCodeHears(0.5, 0.5, 0.5, 0.5, 0.5, 0.0);
        client.send(message("speed", "0.7"));
        robotCodeHears(0.5, 0.5, 0.5, 0.5, 0.5, 0.0, 0.7);
        test.advance(SILENCE);
        robotCodeHears(0.5, 0.5, 0.5, 0.5, 0.5, 0.0, 0.7, 0.0);
    }

    @Test
    void beforeTheFirstCommandNothingIsSaid() throws Exception {
        startWatched();
        ContractClient watching = client("b").send(subscribe("speed"));
        test.advance(Duration.ofMinutes(1));
        watching.hearsNothing();
        assertThat(told()).isEmpty();
    }

    @Test
    void whenTheClientThatCommandsLeavesTheSafeValueComesAtOnce() throws Exception {
        startWatched();
        ContractClient watching = client("b").send(subscribe("speed"));
        ContractClient driver = client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        driver.leave(1000, "");
        robotCodeHears(0.5, 0.0);
        assertThat(watching.frames(2)).endsWith(message("speed", "0.0"));
        assertTold(LogEntry.Level.INFO, "left", "c-2");
    }

    @Test
    void whenTheConnectionOfTheCommanderIsLostTheSafeValueComesAtOnceWithAWarning() throws Exception {
        startWatched();
        ContractClient driver = client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        driver.leave(1002, "");
        robotCodeHears(0.5, 0.0);
        assertTold("session_ended", "c-1");
    }

    @Test
    void aCommanderThatLetsGoBringsTheSafeValueAtOnceWithoutAWarning() throws Exception {
        startWatched();
        ContractClient driver = client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        assertThat(driver.ask(json("{'action':'release','topic':'speed','id':1}")))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'speed'}"));
        robotCodeHears(0.5, 0.0);
        test.advance(SILENCE);
        assertTold(LogEntry.Level.INFO, "released", "c-1");
        assertThat(driver.ask(json("{'action':'release','topic':'speed','id':2}")))
                .contains("\"ack\"");
        robotCodeHears(0.5, 0.0);
    }

    @Test
    void aClientThatDoesNotCommandCannotLetGoForAnother() throws Exception {
        startWatched();
        client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        assertThat(client("b").ask(json("{'action':'release','topic':'speed','id':1}")))
                .contains("\"ack\"");
        test.advance(LESS);
        robotCodeHears(0.5);
        assertThat(told()).isEmpty();
    }

    @Test
    void anotherClientThatLeavesStopsNobody() throws Exception {
        startWatched();
        ContractClient former = client("a").send(message("speed", "0.4"));
        test.settle();
        client("b").send(message("speed", "0.5"));
        test.settle();
        former.leave(1000, "");
        robotCodeHears(0.4, 0.5);
    }

    @Test
    void theEndOfItsTokenBringsTheSafeValueAtOnce() throws Exception {
        startWatched();
        client("short").send(message("speed", "0.5"));
        test.settle();
        robotCodeHears(0.5);
        test.advance(Duration.ofMillis(50));
        robotCodeHears(0.5, 0.0);
        assertTold("session_ended", "c-1");
    }

    @Test
    void aNewerTokenThatDoesNotAllowToCommandBringsTheSafeValueAtOnce() throws Exception {
        startWatched();
        ContractClient driver = client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        assertThat(driver.ask(json("{'action':'auth','id':1,'token':'a'}"))).contains("ack");
        robotCodeHears(0.5);
        assertThat(driver.ask(json("{'action':'auth','id':2,'token':'narrow'}")))
                .contains("ack");
        robotCodeHears(0.5, 0.0);
        assertTold("rights_ended", "c-1");
    }

    @Test
    void whenTheRobotDisconnectsItTheSafeValueComesAtOnce() throws Exception {
        startWatched();
        client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        test.broker().disconnect("c-1", "enough");
        robotCodeHears(0.5, 0.0);
    }

    @Test
    void whatIsRefusedKeepsNothingGoing() throws Exception {
        startWatched();
        ContractClient client = client("a");
        client.send(message("speed", "0.5"));
        robotCodeHears(0.5);
        test.advance(LESS);
        assertThat(client.ask(with("'id':1", message("speed", "true")))).contains("type_mismatch");
        assertThat(client.ask(with("'id':2,'mono':0,'ttl_ms':1", message("speed", "0.6"))))
                .contains("stale");
        test.advance(REST);
        robotCodeHears(0.5, 0.0);
    }

    @Test
    void robotCodeThatCommandsIsWatchedToo() throws Exception {
        startWatched();
        test.broker().publish(SPEED, 0.5);
        robotCodeHears(0.5);
        test.advance(SILENCE);
        robotCodeHears(0.5, 0.0);
        assertThat(told()).hasSize(1);
    }

    @Test
    void theSafeValueComesBeforeCommandsOfTheNextEpisodeAndHasANumber() throws Exception {
        startWatched();
        ContractClient watching =
                client("b").send(json("{'action':'subscribe','topic':'speed','options':{'meta':true}}"));
        ContractClient driver = client("a").send(message("speed", "0.5"));
        robotCodeHears(0.5);
        test.clock.advance(SILENCE);
        driver.send(message("speed", "0.7"));
        List<String> frames = watching.frames(3);
        assertThat(frames)
                .extracting(frame -> frame.replaceAll(".*\"data\":([0-9.]+)}.*\"seq\":(\\d+).*", "$1 $2"))
                .containsExactly("0.5 1", "0.0 2", "0.7 3");
        assertThat(frames.get(1)).contains("\"from\":\"robot\"");
        robotCodeHears(0.5, 0.0, 0.7);
    }

    @Test
    void whenTheBrokerClosesRobotCodeIsHandedTheSafeValue() throws Exception {
        startWatched();
        Input<Double> input = test.broker().input(SPEED);
        test.broker().publish(SPEED, 0.5); // of no session, whose end would bring it too
        robotCodeHears(0.5);
        test.broker().close();
        assertThat(heard).containsExactly(0.5, 0.0);
        assertThat(input.latestOr(-1.0, Duration.ofHours(1))).isZero();
    }

    private void startAged(boolean strict) throws Exception {
        start(settings -> settings.topic(
                        SPEED,
                        topic -> (strict
                                        ? topic.requireCommandTime(Duration.ofMillis(100))
                                        : topic.maxCommandAge(Duration.ofMillis(100)))
                                .watchdog(SILENCE, 0.0))
                .subscribe(SPEED, heard::add));
    }

    private long mono(ContractClient client) {
        return Long.parseLong(client.ask(json("{'action':'ping','id':0}")).replaceAll(".*\"mono\":(\\d+).*", "$1"));
    }

    private static String made(long mono, String value) {
        return with("'id':1,'mono':" + mono, message("speed", value));
    }

    @Test
    void aCommandThatComesLateByItsOwnTimeNeitherDrivesNorKeepsGoing() throws Exception {
        startAged(false);
        ContractClient client = connect();
        long mono = mono(client);
        assertThat(client.ask(made(mono, "0.5"))).contains("\"ack\"");
        robotCodeHears(0.5);
        test.advance(Duration.ofMillis(100));
        assertThat(client.ask(made(mono, "0.6"))).contains("\"ack\"");
        robotCodeHears(0.5, 0.6);
        test.advance(Duration.ofMillis(1));
        String late = client.ask(made(mono, "0.7"));
        assertError(late, "'id':1,'request':'publish','topic':'speed',", "stale", 408);
        assertThat(late).contains("made 101 ms before it arrived, and speed takes 100 ms");
        test.advance(LESS);
        robotCodeHears(0.5, 0.6, 0.0);
    }

    @Test
    void aTimeThatIsFarAheadIsNoWayAround() throws Exception {
        startAged(false);
        ContractClient client = connect();
        long mono = mono(client);
        assertThat(client.ask(made(mono + 100_000, "0.5"))).contains("\"ack\"");
        assertThat(client.ask(made(mono + 101_000, "0.6"))).contains("stale", "101 ms ahead of the broker's clock");
        assertThat(client.ask(made((1L << 53) - 1, "0.6"))).contains("stale");
        assertThat(client.ask(made(1 - (1L << 53), "0.6"))).contains("stale");
    }

    @Test
    void commandsWithoutATimeAreTakenUnlessTheTopicIsStrict() throws Exception {
        startAged(false);
        assertThat(connect().ask(with("'id':1", message("speed", "0.5")))).contains("\"ack\"");
        test.close();
        startAged(true);
        ContractClient client = connect();
        String frame = client.ask(with("'id':1", message("speed", "0.5")));
        assertError(frame, "'id':1,'request':'publish','topic':'speed',", "bad_request", 400);
        assertThat(frame).contains("mono");
        assertThat(client.ask(made(mono(client), "0.6"))).contains("\"ack\"");
    }
}
