package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What docs/protocol.md says, as tests. The suite is the subclasses, one for each theme; each runs three times, in memory, over real
 * sockets and through TLS.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(Way.class)
abstract class ProtocolContract {
    @Parameter
    Way way;

    /** What the test has started. */
    BrokerUnderTest test;

    /** Starts a broker that lets everybody do everything. */
    void start() throws IOException {
        start(settings -> {});
    }

    /** The same with some settings more. */
    void start(Consumer<BrokerBuilder> settings) throws IOException {
        startGuarded(settings.andThen(builder -> builder.anonymousAccess(Permissions.all())));
    }

    /** Starts a broker whose settings say who gets in. */
    void startGuarded(Consumer<BrokerBuilder> settings) throws IOException {
        test = new BrokerUnderTest(way, settings);
    }

    @AfterEach
    void closeBroker() {
        test.close();
    }

    ContractClient connect() throws IOException {
        return test.connect();
    }

    /** A client that is subscribed to a topic. */
    ContractClient subscriber(String topic) throws IOException {
        ContractClient client = connect().send(subscribe(topic));
        test.settle();
        return client;
    }

    /** Robot code publishes a float, after all that clients sent was done. */
    void robotPublishes(String topic, String value) {
        test.settle();
        test.broker().publish(topic, Payload.of(topic, "float", value));
        test.settle();
    }

    /** JSON with double quotes where single ones stand. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    static String subscribe(String topic) {
        return json("{'action':'subscribe','topic':'" + topic + "'}");
    }

    static String unsubscribe(String topic) {
        return json("{'action':'unsubscribe','topic':'" + topic + "'}");
    }

    /** A float as a client publishes it, and as subscribers get it: the documented frame is the same both ways. */
    static String message(String topic, String value) {
        return json("{'action':'publish','topic':'" + topic + "','data':") + data(topic, value) + "}";
    }

    static String data(String topic, String value) {
        return json("{'name':'" + topic + "','type':'float','data':") + value + "}";
    }

    /** A request with more members, which stand first. */
    static String with(String members, String request) {
        return json("{" + members + ",") + request.substring(1);
    }

    /**
     * Checks an error frame to the letter, but for the sentence that is for people.
     *
     * @param answered the members that say what it answers, each with its comma
     */
    static void assertError(String frame, String answered, String code, int status, boolean retry) {
        String begin =
                json("{'action':'error'," + answered + "'code':'" + code + "','status':" + status + ",'message':'");
        String end = json("','retry':" + retry + "}");
        assertThat(frame).matches(Pattern.quote(begin) + "(?:[^\"\\\\]|\\\\.)+" + Pattern.quote(end));
    }

    static void assertError(String frame, String answered, String code, int status) {
        assertError(frame, answered, code, status, false);
    }
}
