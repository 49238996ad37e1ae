package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The topic {@code server_logs}: its records, who gets which, and what is told there. */
class ProtocolLogsTest extends ProtocolContract {

    /** A reader of the log that has seen all that happened so far. */
    private ContractClient reader() throws Exception {
        ContractClient reader = subscriber("server_logs");
        reader.frames();
        return reader;
    }

    private void log(Level level, String event) {
        test.settle();
        test.broker().log(LogEntry.of(level, event, "about " + event));
        test.settle();
    }

    private static String record(String members) {
        return json("{'action':'publish','topic':'server_logs','data':{'name':'server_logs','type':'log','data':"
                + "{'time':'2026-11-24T05:30:00.123Z'," + members + "}}}");
    }

    @ParameterizedTest
    @CsvSource({"TRACE,1", "DEBUG,5", "INFO,9", "WARN,13", "ERROR,17"})
    void aRecordHasTheDocumentedForm(Level level, int severity) throws Exception {
        start();
        ContractClient reader = reader();

        log(level, "docked");

        assertThat(reader.frame())
                .isEqualTo(record("'level':'" + level + "','severity':" + severity
                        + ",'event':'docked','message':'about docked'"));
    }

    @Test
    void aRecordTellsWhoAndWhatItIsAbout() throws Exception {
        start();
        ContractClient reader = reader();

        test.broker()
                .log(LogEntry.of(Level.INFO, "docked", "line\nbreak \"and\" more")
                        .client("c-17", "operator-3")
                        .topic("pose")
                        .attribute("volts", 25.1)
                        .attribute("cells", 7)
                        .attribute("full", true)
                        .attribute("dock", "north"));

        assertThat(reader.frame())
                .isEqualTo(record("'level':'INFO','severity':9,'event':'docked',"
                        + "'message':'line\\nbreak \\'and\\' more','client':'c-17','subject':'operator-3','topic':'pose',"
                        + "'attrs':{'volts':25.1,'cells':7,'full':true,'dock':'north'}"));
    }

    @Test
    void lateSubscribersGetTheLastTwoHundred() throws Exception {
        start();
        for (int i = 0; i < 250; i++) {
            test.broker().log(LogEntry.of(Level.INFO, "event_" + i, ""));
            test.settle();
        }

        // The last of the 200 is that the reader got in.
        List<String> frames = connect().send(subscribe("server_logs")).frames(201);
        assertThat(frames.subList(0, 199))
                .extracting(frame -> frame.replaceAll(".*'event':'([a-z_0-9]+)'.*".replace('\'', '"'), "$1"))
                .containsExactlyElementsOf(
                        IntStream.range(51, 250).mapToObj(i -> "event_" + i).toList());
        assertThat(frames.get(199)).contains("client_connected");
        assertThat(frames.get(200)).contains(json("'event':'subscribed'"));
    }

    @Test
    void minLevelLeavesOutWhatIsLessGraveOfWhatWasKeptToo() throws Exception {
        start();
        log(Level.WARN, "kept_warn");
        log(Level.INFO, "kept_info");
        ContractClient reader = connect();

        assertThat(reader.ask(with("'options':{'min_level':'WARN'}", subscribe("server_logs"))))
                .contains("kept_warn");
        log(Level.INFO, "live_info");
        log(Level.ERROR, "live_error");
        assertThat(reader.frame()).contains("live_error");
        assertThat(test.broker().stats().dropped()).isZero();
    }

    @Test
    void subscribingAgainReplacesTheLevel() throws Exception {
        start();
        ContractClient reader = connect();
        reader.send(with("'options':{'min_level':'ERROR'}", subscribe("server_logs")));
        log(Level.WARN, "one");
        reader.hearsNothing();

        reader.send(with("'options':{'min_level':'WARN'}", subscribe("server_logs")));
        log(Level.WARN, "two");
        log(Level.INFO, "three");
        assertThat(reader.frame()).contains("two");

        reader.send(subscribe("server_logs"));
        log(Level.TRACE, "four");
        assertThat(reader.frame()).contains("four");
    }

    @Test
    void aLevelTakesNothingFromAnotherSubscriptionOfTheSameClient() throws Exception {
        Permissions rights = Permissions.none().subscribe("server_logs/#");
        startGuarded(settings -> settings.anonymousAccess(rights));
        ContractClient reader = connect();
        reader.send(with("'options':{'min_level':'ERROR'}", subscribe("server_logs")));
        reader.send(with("'options':{'retained':false}", subscribe("server_logs/#")));
        reader.frames();

        log(Level.INFO, "one");
        assertThat(reader.frame()).contains("one");
        log(Level.ERROR, "two");
        assertThat(reader.frame()).contains("two");
    }

    @Test
    void whatRepeatsIsToldAtOnceThenOnceInFiveSecondsWithItsCount() throws Exception {
        start();
        ContractClient reader = reader();
        ContractClient flapping = connect();
        reader.frames();
        for (int i = 0; i < 4; i++) {
            flapping.send(subscribe("pose")).send(unsubscribe("pose"));
        }

        assertThat(reader.frames())
                .satisfiesExactly(
                        first -> assertThat(first).contains(json("'event':'subscribed'")),
                        second -> assertThat(second).contains(json("'event':'unsubscribed'")));
        test.advance(Duration.ofMillis(4_999));
        reader.hearsNothing();
        test.advance(Duration.ofMillis(1));
        assertThat(reader.frames())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains(json("'event':'subscribed'"))
                                .contains(json("'count':3")),
                        second -> assertThat(second)
                                .contains(json("'event':'unsubscribed'"))
                                .contains(json("'count':3")));
        test.advance(Duration.ofSeconds(60));
        reader.hearsNothing();
    }

    @Test
    void comingSubscribingUnsubscribingAndLeavingAreTold() throws Exception {
        start();
        ContractClient reader = reader();

        ContractClient client = subscriber("joints/#");
        client.send(unsubscribe("joints/#"));
        test.settle();
        client.leave(1000, "all of my secrets");

        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
        String who = "'client':'c-2','subject':'anonymous'";
        assertThat(reader.frames(4))
                .satisfiesExactly(
                        connected -> assertThat(connected)
                                .startsWith(record("'level':'INFO','severity':9,'event':'client_connected',"
                                                + "'message':'c-2 got in'," + who + ",'attrs':{'address':'127.0.0.1:")
                                        .replace("}}}", "")),
                        subscribed -> assertThat(subscribed)
                                .isEqualTo(record("'level':'INFO','severity':9,'event':'subscribed',"
                                        + "'message':'c-2 subscribed to joints/#'," + who + ",'topic':'joints/#'")),
                        unsubscribed -> assertThat(unsubscribed)
                                .isEqualTo(record("'level':'INFO','severity':9,'event':'unsubscribed',"
                                        + "'message':'c-2 unsubscribed from joints/#'," + who + ",'topic':'joints/#'")),
                        left -> assertThat(left)
                                .startsWith(record("'level':'INFO','severity':9,'event':'client_disconnected',"
                                                + "'message':'c-2 left'," + who + ",'attrs':{'address':'127.0.0.1:")
                                        .replace("}}}", ""))
                                .contains(json(",'code':1000}")));
    }

    @Test
    void subscribingAgainIsNotTold() throws Exception {
        start();
        ContractClient client = subscriber("pose");
        ContractClient reader = reader();

        client.send(subscribe("pose"));
        test.advance(Duration.ofSeconds(6));

        reader.hearsNothing();
    }

    @Test
    void deliveringTheLogMakesNoLog() throws Exception {
        start();
        ContractClient first = reader();
        ContractClient second = reader();
        first.frames();
        log(Level.INFO, "docked");

        assertThat(first.frames()).hasSize(1);
        assertThat(second.frames()).hasSize(1);
        test.advance(Duration.ofSeconds(60));
        first.hearsNothing();
        second.hearsNothing();
    }
}
