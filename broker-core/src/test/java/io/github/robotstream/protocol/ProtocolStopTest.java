package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.FakeSink;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Robot code declares the value that stops the robot; clients learn it, and the log tells each stop and each release. */
class ProtocolStopTest extends ProtocolContract {
    record Halt(String reason, double ramp) {}

    private static final Topic<Boolean> STOP = Topic.command("stop", Boolean.class);
    private static final Topic<Halt> HALT = Topic.state("halt", Halt.class);

    private final FakeSink sink = new FakeSink();
    private final TokenTable tokens = new TokenTable();

    @BeforeEach
    void startStoppable() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens)
                .logSink(sink)
                .topic(STOP, topic -> topic.stop(true))
                .topic(HALT, topic -> topic.stop(new Halt("all", 1))));
        tokens.with("a", ClientPrincipal.of("a", Permissions.all()))
                .with("b", ClientPrincipal.of("b", Permissions.all()))
                .with("button", ClientPrincipal.of("button", Permissions.none().publish("stop")))
                .with("viewer", ClientPrincipal.of("viewer", Permissions.none().subscribe("stop")));
    }

    private ContractClient client(String token) throws Exception {
        return test.connect("token=" + token);
    }

    private List<String> told() {
        String mark = "mark " + System.nanoTime();
        test.broker().log(LogEntry.of(LogEntry.Level.INFO, mark, "all before is told"));
        test.awaitThat(() -> assertThat(sink.events()).contains(mark));
        return sink.entries().stream()
                .filter(entry -> entry.event().startsWith("stop"))
                .map(entry -> entry.level() + " " + entry.event() + " "
                        + entry.topic().orElse("") + " " + entry.client().orElse("robot code"))
                .toList();
    }

    private static void publishes(ContractClient client, String topic, String type, String value) {
        String data = "{'name':'x','type':'" + type + "','data':" + value + "}";
        assertThat(client.ask(json("{'action':'publish','id':1,'topic':'" + topic + "','data':" + data + "}")))
                .contains("\"ack\"");
    }

    @Test
    void theDescriptionOfAStopTopicTellsTheValueThatStops() throws Exception {
        assertThat(client("a").ask(json("{'action':'topics','topic':'stop','id':1}")))
                .contains(json("'rights':['subscribe','publish']"), json("'stop':{'value':true}"));
        assertThat(client("a").ask(json("{'action':'topics','topic':'halt','id':1}")))
                .contains(json("'stop':{'value':{'reason':'all','ramp':1.0}}"));
    }

    @Test
    void aTokenThatMayOnlyPublishThereLearnsItToo() throws Exception {
        assertThat(client("button").ask(json("{'action':'topics','id':1}")))
                .contains(json("'name':'stop'"), json("'rights':['publish']"), json("'stop':{'value':true}"))
                .doesNotContain("halt");
        assertThat(client("viewer").ask(json("{'action':'topics','id':1}")))
                .contains(json("'name':'stop'"), json("'rights':['subscribe']"));
    }

    @Test
    void eachStopAndEachReleaseIsLoggedWithItsSenderOnce() throws Exception {
        ContractClient first = client("a");
        publishes(first, "stop", "bool", "false");
        assertThat(told()).isEmpty();

        publishes(first, "stop", "bool", "true");
        publishes(first, "stop", "bool", "true");
        publishes(client("b"), "stop", "bool", "true");
        publishes(first, "stop", "bool", "false");
        publishes(first, "stop", "bool", "false");
        test.broker().publish(STOP, true);
        test.settle();

        assertThat(told())
                .containsExactly(
                        "WARN stopped stop c-1",
                        "WARN stopped stop c-2",
                        "INFO stop_released stop c-1",
                        "WARN stopped stop robot code");
    }

    @Test
    void oneRequestStopsTheRobotOnEachTopicThatTheTokenPermits() throws Exception {
        ContractClient watcher = client("a");
        watcher.ask(json("{'action':'subscribe','topic':'stop','id':1}"));
        assertThat(client("button").ask(json("{'action':'stop','id':5}")))
                .isEqualTo(json("{'action':'ack','id':5,'topics':['stop']}"));
        assertThat(watcher.frame()).contains("\"topic\":\"stop\"", "\"type\":\"bool\",\"data\":true");

        assertThat(client("b").ask(json("{'action':'stop','id':6}")))
                .isEqualTo(json("{'action':'ack','id':6,'topics':['stop','halt']}"));
        assertThat(told()).containsExactly("WARN stopped stop c-2", "WARN stopped stop c-3", "WARN stopped halt c-3");
        assertThat(test.broker().latest(HALT)).contains(new Halt("all", 1));
    }

    @Test
    void aTokenThatPermitsNoStopTopicIsToldSo() throws Exception {
        assertThat(client("viewer").ask(json("{'action':'stop','id':1}")))
                .contains("\"code\":\"forbidden\"", "\"request\":\"stop\"", "does not permit");
        assertThat(told()).isEmpty();
    }

    @Test
    void aRobotWithoutAStopTopicSaysSo() throws Exception {
        test.close();
        startGuarded(settings -> settings.tokenVerifier(tokens));
        assertThat(client("a").ask(json("{'action':'stop','id':1}")))
                .contains("\"code\":\"forbidden\"", "no stop topic", "TopicSettings.stop(value)");
    }

    @Test
    void aClientWhoseOtherRequestsHaveToWaitStopsTheRobot() throws Exception {
        test.close();
        startGuarded(settings -> settings.tokenVerifier(tokens)
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1).burst(1)))
                .topic(STOP, topic -> topic.stop(true)));
        ContractClient client = client("a");
        String ping = json("{'action':'ping','id':1}");
        client.ask(ping);
        assertThat(client.ask(ping)).contains("rate_limited");
        for (int i = 0; i < 10; i++) {
            assertThat(client.ask(json("{'action':'stop','id':2}"))).contains("\"ack\"");
        }
        assertThat(client.ask(json("{'action':'stop','id':3}"))).contains("rate_limited");
    }

    @Test
    void valuesAreComparedAsJson() throws Exception {
        ContractClient client = client("a");
        publishes(client, "halt", "Halt", "{ 'ramp' : 1e0, 'reason' : 'all' }");
        assertThat(told()).containsExactly("WARN stopped halt c-1");
        publishes(client, "halt", "Halt", "{'reason':'all','ramp':2}");
        assertThat(told()).endsWith("INFO stop_released halt c-1");
    }

    @Test
    void aValueThatClientsCannotCompareIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder()
                        .topic(Topic.binary("off", "image/png"), topic -> topic.stop(ByteBuffer.allocate(1))))
                .withMessageContaining("binary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder()
                        .topic(Topic.command("off", Double.class), topic -> topic.stop(Double.NaN)))
                .withMessageContaining("stop value NaN");
    }
}
