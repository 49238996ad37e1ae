package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.robotstream.Input;
import io.github.robotstream.InvalidValueException;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.testing.FakeSink;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values robot code takes from clients on topics that it declared. */
class ProtocolCommandTest extends ProtocolContract {
    record Twist(double linear, double angular) {}

    enum Mode {
        MANUAL,
        AUTOMATIC
    }

    record Wheel(double speed) {}

    record Drive(Mode mode, List<Wheel> wheels, byte gear) {
        Drive {
            if (gear < 0) {
                throw new IllegalArgumentException("the secret of the gear box");
            }
        }
    }

    private static final Topic<Twist> CMD_VEL = Topic.command("cmd_vel", "float", Twist.class);
    private static final Topic<Drive> DRIVE = Topic.command("drive", "float", Drive.class);
    private static final Topic<Twist> VELOCITY = Topic.state("velocity", "float", Twist.class);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'lineer':5}                     | lineer is unknown; known are linear, angular",
                "{}                               | linear is missing; it has to be a number",
                "{'linear':null,'angular':0}      | linear is null; it has to be a number",
                "{'linear':'1.5','angular':0}     | linear is a string; it has to be a number",
                "{'linear':1e999,'angular':0}     | linear is out of range; it has to be a number up to 1.7976931348623157E308",
                "'1.5'                            | the value is a string; it has to be an object",
                "null                             | the value is null; it has to be an object",
                "{'k\\n\\u0000\\u2028\\\"':0}     | k??\\u2028\\\" is unknown; known are linear, angular"
            })
    void aCommandThatDoesNotFitIsRefusedAndTheMemberNamed(String value, String problem) throws Exception {
        start(settings -> settings.topic(CMD_VEL));
        List<Twist> heard = new CopyOnWriteArrayList<>();
        test.broker().subscribe(CMD_VEL, heard::add);
        ContractClient client = connect();

        String frame = client.ask(with("'id':1", message("cmd_vel", json(value))));

        assertError(frame, "'id':1,'request':'publish','topic':'cmd_vel',", "type_mismatch", 422);
        assertThat(frame).contains("is no float: " + problem + "\"");
        assertThat(client.ask(with("'id':2", message("cmd_vel", json("{'linear':1,'angular':2}")))))
                .contains("\"ack\"")
                .contains("\"seq\":1");
        test.awaitThat(() -> assertThat(heard).containsExactly(new Twist(1, 2)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'mode':'FAST','wheels':[],'gear':1} | mode is no constant that is known; it has to be one of MANUAL, AUTOMATIC",
                "{'mode':'MANUAL','wheels':[{'speed':1},{'speed':true}],'gear':1} | wheels[1].speed is a boolean; it has to be a number",
                "{'mode':'MANUAL','wheels':[],'gear':128} | gear is out of range; it has to be an integer from -128 to 127",
                "{'mode':'MANUAL','wheels':[],'gear':1.5} | gear is written with a fraction or exponent; it has to be an integer from -128 to 127"
            })
    void whatDoesNotFitInsideACommandIsNamedByItsPath(String value, String problem) throws Exception {
        start(settings -> settings.topic(DRIVE));

        String frame = connect().ask(message("drive", json(value)));

        assertError(frame, "'request':'publish','topic':'drive',", "type_mismatch", 422);
        assertThat(frame).contains("is no float: " + problem + "\"");
    }

    @Test
    void whatARecordsConstructorThrowsRefusesACommandAndIsNotTold() throws Exception {
        start(settings -> settings.topic(DRIVE));

        String frame = connect().ask(message("drive", json("{'mode':'MANUAL','wheels':[],'gear':-1}")));

        assertError(frame, "'request':'publish','topic':'drive',", "type_mismatch", 422);
        assertThat(frame).doesNotContain("secret").doesNotContain("gear");
    }

    record Speed(double speed) {
        Speed {
            if (speed > 2) {
                throw new InvalidValueException("speed is beyond 2 m/s");
            }
        }
    }

    @Test
    void whatARecordsConstructorHasForClientsIsTold() throws Exception {
        start(settings -> settings.topic(Topic.command("speed", "float", Speed.class)));

        assertThat(connect().ask(message("speed", json("{'speed':3}"))))
                .contains("is no float: speed is beyond 2 m/s\"");
    }

    /** As the README shows it. */
    record OwnGson<T>(Gson gson, Type type) implements TopicCodec<T> {
        @Override
        public String encode(T value) {
            return gson.toJson(value, type);
        }

        @Override
        public T decode(String json) {
            try {
                return gson.fromJson(json, type);
            } catch (JsonParseException | NumberFormatException e) {
                throw new InvalidValueException(e.getMessage());
            }
        }
    }

    @Test
    void aGsonOfTheApplicationsReadsAndWritesATopic() throws Exception {
        Gson gson = new GsonBuilder()
                .setFieldNamingPolicy(FieldNamingPolicy.UPPER_CAMEL_CASE)
                .create();
        Topic<Twist> goal = Topic.command("goal", "float", new OwnGson<>(gson, Twist.class));
        start(settings -> settings.topic(goal));
        List<Twist> heard = new CopyOnWriteArrayList<>();
        test.broker().subscribe(Topic.command("goal", "float", new OwnGson<Twist>(gson, Twist.class)), heard::add);
        ContractClient client = subscriber("goal");

        assertThat(test.broker().publish(goal, new Twist(1, 2))).isTrue();
        assertThat(client.frame()).isEqualTo(message("goal", json("{'Linear':1.0,'Angular':2.0}")));
        assertThat(client.ask(with("'id':1,'echo':false", message("goal", json("{'Linear':3}")))))
                .contains("\"ack\"");
        test.awaitThat(() -> assertThat(heard).containsExactly(new Twist(1, 2), new Twist(3, 0)));
        assertThat(client.ask(message("goal", json("{'Linear':'fast'}"))))
                .contains("is no float: ")
                .contains("fast");
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndTheMemberNamed() throws Exception {
        start(settings -> settings.topic(VELOCITY));

        assertThat(connect().ask(message("velocity", json("{'more':1,'linear':'fast'}"))))
                .contains("is no float: linear is a string; it has to be a number\"")
                .doesNotContain("fast");
    }

    @Test
    void aClientCannotMakeAnErrorLong() throws Exception {
        start(settings -> settings.topic(Topic.command("limits", "float", Limits.class)));

        String frame = connect()
                .ask(message("limits", json("{'" + "k".repeat(10_000) + "':{'" + "l".repeat(10_000) + "':'1'}}")));
        assertThat(frame).contains("type_mismatch").hasSizeLessThan(400);
        frame = connect().ask(message("limits", json("{'limits':{'" + "k".repeat(10_000) + "':'1'}}")));
        assertThat(frame).contains("is a string; it has to be a number").hasSizeLessThan(400);
    }

    record Limits(Map<String, Double> limits) {}

    @Test
    void aStateTopicIsReadLenientlyUnlessItSaysSo() throws Exception {
        Topic<Twist> goal = Topic.state("goal", "float", Twist.class).strict();
        Topic<Twist> wish = Topic.command("wish", "float", Twist.class).lenient();
        start(settings -> settings.topic(VELOCITY).topic(goal).topic(wish));
        ContractClient client = connect();

        assertThat(client.ask(with("'id':1", message("velocity", json("{'linear':'1.5'}")))))
                .contains("\"ack\"");
        assertThat(test.broker().latest(VELOCITY)).contains(new Twist(1.5, 0));
        assertThat(client.ask(with("'id':2", message("wish", json("{'more':1}")))))
                .contains("\"ack\"");
        assertThat(client.ask(with("'id':3", message("goal", json("{'linear':1.5}")))))
                .contains("type_mismatch")
                .contains("angular is missing; it has to be a number");
    }

    @Test
    void nullOfAClientsIsNoNumberOnAStateTopicEither() throws Exception {
        start(settings -> settings.topic(VELOCITY));

        String frame = connect().ask(message("velocity", json("{'linear':null}")));

        assertError(frame, "'request':'publish','topic':'velocity',", "type_mismatch", 422);
        assertThat(frame).contains("linear is null; it has to be a number");
    }

    @Test
    void robotCodeReadsTheNotANumberThatItPublishedAndClientsGetNull() throws Exception {
        start(settings -> settings.topic(VELOCITY));
        Input<Twist> input = test.broker().input(VELOCITY);
        ContractClient client = subscriber("velocity");

        assertThat(test.broker().publish(VELOCITY, new Twist(Double.NaN, 1))).isTrue();

        assertThat(client.frame()).isEqualTo(message("velocity", json("{'linear':null,'angular':1.0}")));
        Twist fallback = new Twist(7, 7);
        test.awaitThat(
                () -> assertThat(input.latestOr(fallback, Duration.ofDays(1))).isEqualTo(new Twist(Double.NaN, 1)));
        assertThat(test.broker().latest(VELOCITY)).contains(new Twist(Double.NaN, 1));
    }

    @Test
    void robotCodePublishesNoCommandThatItWouldNotTake() throws Exception {
        FakeSink sink = new FakeSink();
        start(settings -> settings.topic(CMD_VEL).logSink(sink));
        ContractClient log = subscriber("server_logs");
        ContractClient client = subscriber("cmd_vel");

        assertThat(test.broker().publish(CMD_VEL, new Twist(Double.NaN, 1))).isFalse();

        client.hearsNothing();
        assertThat(log.frames())
                .anySatisfy(
                        frame -> assertThat(frame).contains("publish_refused").doesNotContain("linear"));
        test.awaitThat(() -> assertThat(sink.entries())
                .as("why is for the robot's own people")
                .anySatisfy(entry -> assertThat(entry.detail().orElse("")).contains("linear is null")));
    }
}
