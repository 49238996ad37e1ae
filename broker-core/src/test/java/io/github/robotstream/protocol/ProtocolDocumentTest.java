package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.internal.topic.TopicName;
import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every example in docs/protocol.md is a request that a broker takes, or has the form of something that it sends. */
class ProtocolDocumentTest {
    private static final Set<String> ASKED = Set.of(
            "subscribe",
            "unsubscribe",
            "hello",
            "auth",
            "topics",
            "services",
            "ping",
            "history",
            "acquire",
            "release",
            "stop",
            "call",
            "cancel");
    private static final Set<String> OF_PUBLISH = Set.of("action", "topic", "id", "data", "echo", "mono", "ttl_ms");
    /** Members whose values are for programs. */
    private static final Set<String> WORDS = Set.of(
            "action",
            "request",
            "code",
            "status",
            "retry",
            "kind",
            "rights",
            "encoding",
            "recovered",
            "complete",
            "cancelled",
            "capabilities",
            "event",
            "level",
            "severity",
            "cause");

    private static final String TOKEN = "eyJhbGciOi…";

    private static final Permissions ALL = Permissions.none()
            .subscribe("#", "server_logs", "$clients", "$stats", "$leases")
            .publish("#")
            .call("#");
    private static final Topic<Double> BATTERY =
            Topic.state("battery", "float", Double.class).withSchema("{\"type\":\"number\",\"minimum\":0}");
    private static final Topic<Twist> VELOCITY = Topic.command("cmd/vel", "Twist", Twist.class)
            .withSchema("{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"number\"},"
                    + "\"label\":{\"type\":[\"string\",\"null\"]}},\"required\":[\"x\"]}");

    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");
    private static final Topic<Double> SPEED = Topic.command("drive/speed", "float", Double.class);

    private final ProtocolDocument document = new ProtocolDocument();
    private final Set<String> sent = new LinkedHashSet<>();
    private final List<ContractClient> clients = new ArrayList<>();
    private final TokenTable tokens = new TokenTable();
    private BrokerUnderTest test;

    ProtocolDocumentTest() throws IOException {}

    record Twist(double x) {}

    record Dock(double speed) {}

    record Docked(boolean docked) {}

    record Left(double metres) {}

    private static boolean isRequest(JsonObject example) {
        String action = example.has("action") ? example.get("action").getAsString() : "";
        return ASKED.contains(action)
                || (action.equals("publish")
                        && OF_PUBLISH.containsAll(example.keySet())
                        && !TopicName.isReserved(example.get("topic").getAsString()));
    }

    /** Names of members, and kinds of values, of all levels; words for programs as they are. Of an array, the forms of its elements. */
    private static String form(JsonElement element) {
        if (element instanceof JsonObject object) {
            StringBuilder form = new StringBuilder("{");
            for (String key : new TreeSet<>(object.keySet())) {
                JsonElement value = object.get(key);
                form.append(key)
                        .append(key.equals("id") ? "" : WORDS.contains(key) ? value : form(value))
                        .append(' ');
            }
            return form.append('}').toString();
        }
        if (element instanceof JsonArray array) {
            Set<String> forms = new LinkedHashSet<>();
            array.forEach(each -> forms.add(form(each)));
            return forms.toString();
        }
        return element.getAsJsonPrimitive().isString()
                ? "string"
                : element.getAsJsonPrimitive().isNumber() ? "number" : "boolean";
    }

    @BeforeEach
    void start() throws IOException {
        ClientPrincipal operator = ClientPrincipal.of("operator-3", ALL);
        test = new BrokerUnderTest(
                Way.IN_MEMORY,
                settings -> settings.tokenVerifier(tokens)
                        .name("robot-17")
                        .topic(BATTERY, TopicSettings::robotOnly)
                        .topic(VELOCITY)
                        .topic(Topic.command("cmd_vel", "Twist", Twist.class), TopicSettings::leased)
                        .topic(SPEED, TopicSettings::leased)
                        .topic(Topic.command("drive/stop", "bool", Boolean.class), topic -> topic.stop(true))
                        .limits(limits -> limits.queuedBytesPerSession(300_000).history(10)));
        test.broker().handle("robot.dock", Dock.class, Docked.class, (dock, call) -> {
            call.progress(new Left(1.5));
            return new Docked(true);
        });
        tokens.with("first", () -> operator.expiringAt(test.clock.now().plusSeconds(3600)))
                .with(TOKEN, () -> operator.expiringAt(test.clock.now().plusSeconds(3600)))
                .with(
                        "narrow",
                        ClientPrincipal.of("operator-3", Permissions.none().subscribe("pose")));
    }

    @AfterEach
    void stop() {
        test.close();
    }

    private ContractClient connect(String query) throws IOException {
        ContractClient client = test.connect(query);
        clients.add(client);
        return client;
    }

    /** Sends something, and looks at all that comes of it; says what that was for this client. */
    private List<String> tell(ContractClient client, String... requests) {
        List<String> got = new ArrayList<>();
        for (String request : requests) {
            client.send(ProtocolContract.json(request));
            test.settle();
        }
        for (ContractClient each : clients) {
            if (each.isReading()) {
                List<String> frames = each.frames();
                frames.forEach(frame -> sent.add(form(JsonParser.parseString(frame))));
                got.addAll(each == client ? frames : List.of());
            }
        }
        return got;
    }

    private String epoch(ContractClient client) {
        return JsonParser.parseString(client.ask(ProtocolContract.json("{'action':'hello','id':1}")))
                .getAsJsonObject()
                .get("epoch")
                .getAsString();
    }

    private List<JsonObject> requests() {
        List<JsonObject> requests = document.examples().stream()
                .filter(ProtocolDocumentTest::isRequest)
                .map(JsonObject::deepCopy)
                .toList();
        assertThat(requests).hasSizeGreaterThan(20);
        return requests;
    }

    /** Asks for a reply, and returns it. */
    private JsonObject ask(ContractClient client, JsonObject request) {
        if (!request.has("id")) {
            request.addProperty("id", "asked");
        }
        client.send(request.toString());
        List<String> got = new ArrayList<>();
        return test.await(
                () -> { // verdicts and handlers have threads of their own
                    got.addAll(client.frames());
                    List<JsonObject> replies = got.stream()
                            .map(frame -> JsonParser.parseString(frame).getAsJsonObject())
                            .filter(frame -> request.get("id").equals(frame.get("id")))
                            .filter(frame -> !ProtocolDocument.action(frame).equals("progress"))
                            .toList();
                    assertThat(replies).as("replies to %s", request).hasSize(1);
                    return replies.get(0);
                });
    }

    @Test
    void everyMemberThatATableDescribesStandsInAnExample() {
        assertThat(document.members()).hasSizeGreaterThan(100);
        assertThat(document.members().stream()
                        .filter(member -> !member.isShown())
                        .map(member -> member.table() + ": " + member.name()))
                .as("members that no example of their section has")
                .isEmpty();
    }

    @Test
    void theBrokerTakesEveryRequestAndAllItsOptions() throws Exception {
        ContractClient client = connect("token=first");
        test.advance(Duration.ofMillis(83_200)); // beyond the "mono" of examples
        test.broker().publish("pose", Payload.of("pose", "float", "1.5"));
        test.broker().publish("camera", Payload.of("camera", "text", "1"));
        String position = "\"epoch\":\"" + epoch(client) + "\",\"seq\":0";
        for (JsonObject example : requests()) {
            JsonObject request = JsonParser.parseString(
                            example.toString().replaceAll("\"epoch\":\"\\w+\",\"seq\":\\d+", position))
                    .getAsJsonObject();
            JsonObject reply = ask(client, request);
            assertThat(ProtocolDocument.action(reply))
                    .as("%s to %s", reply, request)
                    .isIn("ack", "pong");
            if (ProtocolDocument.action(request).equals("subscribe")) {
                JsonObject asked = options(request);
                assertThat(effective(reply, asked))
                        .as("what is in effect of %s", request)
                        .isEqualTo(asked);
            }
        }
    }

    /** What is asked for; not the position, which other members of the ack answer. */
    private static JsonObject options(JsonObject subscribe) {
        JsonObject options =
                subscribe.has("options") ? subscribe.getAsJsonObject("options").deepCopy() : new JsonObject();
        options.remove("since");
        return options;
    }

    /** What is in effect; unless {@code retained} was asked for, it depends on whether the subscription is new. */
    private static JsonObject effective(JsonObject ack, JsonObject asked) {
        JsonObject options = ack.getAsJsonObject("options").deepCopy();
        if (!asked.has("retained")) {
            options.remove("retained");
        }
        return options;
    }

    @Test
    void theBrokerReadsEveryMemberOfEveryRequest() throws Exception {
        ContractClient client = connect("token=first");
        for (JsonObject request : requests()) {
            for (String name : request.keySet()) {
                refuses(client, request, request, name);
            }
            if (request.get("options") instanceof JsonObject options) {
                for (String name : options.keySet()) {
                    refuses(client, request, options, name);
                }
            }
        }
    }

    /** Checks that a wrong value of a member is noticed. */
    private void refuses(ContractClient client, JsonObject request, JsonObject parent, String name) {
        JsonElement right = parent.get(name);
        parent.add(name, new JsonArray());
        assertThat(client.ask(request.toString()))
                .as("the answer to %s", request)
                .startsWith("{\"action\":\"error\"")
                .contains("\\\"" + name + "\\\"");
        parent.add(name, right);
        test.advance(Duration.ofMillis(200)); // so that all errors are told
    }

    @Test
    void theBrokerSendsEveryForm() throws Exception {
        ContractClient flat = connect("token=first&frame=flat");
        ContractClient client = connect("token=first");
        topics(client);
        tell(flat, "{'action':'subscribe','topic':'pose'}");
        answers(client);
        leases(client, flat);
        calls(client);
        histories(client);
        losses(client);
        logs(client);
        tooManyTokens();
        endOfRights(client);

        List<JsonObject> examples = document.examples().stream()
                .filter(example -> !isRequest(example) || example.keySet().equals(Set.of("action", "topic", "data")))
                .toList();
        assertThat(examples)
                .hasSizeGreaterThan(10)
                .allSatisfy(example ->
                        assertThat(sent).as("the form of %s", example).contains(form(example)));
    }

    private void topics(ContractClient client) {
        test.broker().publish(BATTERY, 3.7);
        tell(
                client,
                "{'action':'topics','id':4,'topic':'#','limit':2}",
                "{'action':'subscribe','topic':'drive/speed'}",
                "{'action':'acquire','topic':'drive/speed'}");
        test.broker().publish(SPEED, 0.5);
        tell(client); // so that its age is known
        tell(
                client,
                "{'action':'topics','id':6,'topic':'drive/#'}",
                "{'action':'release','topic':'drive/speed'}",
                "{'action':'unsubscribe','topic':'drive/speed'}");
    }

    private void answers(ContractClient client) {
        test.broker().publish(CAMERA, ByteBuffer.allocate(3));
        List<String> got = tell(
                client,
                "{'action':'subscribe','topic':'joints/+/angle','id':2,'options':{'policy':'latest','rate_hz':10}}",
                "{'action':'subscribe','topic':'pose','sub':'plot','id':4,'options':{'rate_hz':20}}",
                "{'action':'subscribe','topic':'pose','options':{'meta':true}}",
                "{'action':'subscribe','topic':'battery/cell'}",
                "{'action':'subscribe','topic':'battery'}",
                "{'action':'subscribe','topic':'camera'}",
                "{'action':'subscribe','topic':'cmd/vel','options':{'meta':true}}",
                "{'action':'publish','topic':'cmd/vel','data':{'name':'cmd/vel','type':'Twist','data':{'x':0.5}}}",
                "{'action':'unsubscribe','topic':'cmd/vel'}",
                "{'action':'publish','topic':'pose','id':'c7','data':{'name':'pose','type':'float','data':1.5}}",
                "{'action':'publish','topic':'battery/cell',"
                        + "'data':{'name':'cell 3','type':'float','data':3.70,'unit':'V'}}",
                "{'action':'publish','topic':'cmd/vel','id':1,'data':{'name':'n','type':'Twist','data':{'x':'1'}}}",
                "{'action':'publish','topic':'battery','id':1,'data':{'name':'n','type':'float','data':1}}",
                "{'action':'unsubscribe','topic':'pose','sub':'plot','id':5}",
                "{'action':'unsubscribe','topic':'joints/+/angle','id':3}",
                "{'action':'hello','id':0}",
                "{'action':'auth','id':7,'token':'" + TOKEN + "'}",
                "{'action':'services','id':4,'limit':2}",
                "{'action':'ping','id':6,'t':123}",
                "{'action':'subscribe','topic':'$clients'}",
                "{'action':'subscribe','topic':'$stats'}");
        test.awaitThat(
                () -> { // the verdict on the token comes from another thread, and what was asked after it waits
                    got.addAll(tell(client));
                    assertThat(got).anyMatch(frame -> frame.contains("\"pong\""));
                });
        test.advance(Duration.ofSeconds(1));
        tell(client);
        tell(client, "{'action':'unsubscribe','topic':'$clients'}", "{'action':'unsubscribe','topic':'$stats'}");
    }

    private void leases(ContractClient client, ContractClient other) {
        tell(
                client,
                "{'action':'subscribe','topic':'$leases'}",
                "{'action':'acquire','topic':'cmd_vel','id':8,'ttl_ms':1000}");
        tell(
                other,
                "{'action':'publish','topic':'cmd_vel','id':10,'data':{'name':'n','type':'Twist','data':{'x':0.5}}}");
        tell(client, "{'action':'stop','id':11}");
        tell(client, "{'action':'release','topic':'cmd_vel','id':9}", "{'action':'unsubscribe','topic':'$leases'}");
    }

    private void calls(ContractClient client) {
        List<String> got = tell(
                client,
                "{'action':'call','id':7,'service':'robot.dock','data':{'speed':0.2},'timeout_ms':5000}",
                "{'action':'call','id':9,'service':'robot.fly'}");
        test.awaitThat(
                () -> { // the handler has a thread of its own
                    got.addAll(tell(client));
                    assertThat(got).anyMatch(frame -> frame.contains("\"docked\""));
                });
        tell(client, "{'action':'cancel','id':8,'call':7}");
    }

    private void histories(ContractClient client) {
        String since = "{'epoch':'" + epoch(client) + "','seq':1}";
        test.broker().publish(CAMERA, ByteBuffer.allocate(1_000_000));
        for (String topic : List.of("events", "joints/a", "joints/b", "pose")) {
            for (int i = 0; i < 4; i++) {
                test.broker().publish(topic, Payload.of(topic, "float", String.valueOf(i)));
            }
        }
        tell(
                client,
                "{'action':'subscribe','topic':'events','sub':'recorder','id':3," + "'options':{'meta':true,'since':"
                        + since + "}}",
                "{'action':'subscribe','topic':'joints/+','id':4," + "'options':{'since':{'joints/a':" + since
                        + ",'joints/b':{'epoch':'other','seq':1}}}}",
                "{'action':'history','id':5,'topic':'pose','since':" + since + ",'limit':2}",
                "{'action':'subscribe','topic':'events','sub':'recorder','id':3,"
                        + "'options':{'meta':true,'since':{'epoch':'other','seq':1}}}",
                "{'action':'history','id':5,'topic':'pose','since':{'epoch':'other','seq':1}}",
                "{'action':'history','id':6,'topic':'camera','limit':1}",
                "{'action':'history','id':7,'topic':'camera','limit':1,'since':" + since + "}");
    }

    private void losses(ContractClient client) throws IOException {
        ContractClient slow = connect("token=first");
        tell(slow, "{'action':'subscribe','topic':'image'}");
        tell(client, "{'action':'subscribe','topic':'server_logs'}");
        slow.stopReading();
        for (int i = 0; i < 100; i++) {
            test.broker().publish("image", Payload.of("image", "text", "\"" + "x".repeat(20_000) + "\""));
            test.step();
        }
        tell(client, "{'action':'unsubscribe','topic':'server_logs'}");
        slow.abort();
        clients.remove(slow);
    }

    private void logs(ContractClient client) {
        tell(client, "{'action':'subscribe','topic':'server_logs'}");
        for (int i = 0; i < 3; i++) {
            test.broker()
                    .log(LogEntry.of(LogEntry.Level.WARN, "battery_low", "the battery has 20.1 V")
                            .attribute("volts", 20.1)
                            .attribute("n".repeat(501), "a name that is too long"));
            tell(client);
        }
        for (int i = 0; i < 150; i++) {
            String topic = "'topic':'" + "x".repeat(190) + i + "'}";
            tell(client, "{'action':'subscribe'," + topic, "{'action':'unsubscribe'," + topic);
        }
        test.advance(Duration.ofSeconds(10));
        tell(client, "{'action':'unsubscribe','topic':'server_logs'}");
    }

    private void tooManyTokens() throws IOException {
        ContractClient client = connect("token=first");
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            got.addAll(tell(client, "{'action':'auth','id':7,'token':'" + TOKEN + "'}"));
        }
        test.awaitThat(
                () -> { // the verdicts come from another thread
                    got.addAll(tell(client));
                    assertThat(got).anyMatch(frame -> frame.contains("\"rate_limited\""));
                });
    }

    private void endOfRights(ContractClient client) {
        test.advance(Duration.ofMinutes(59));
        List<String> got =
                tell(client, "{'action':'subscribe','topic':'joints/#'}", "{'action':'auth','id':8,'token':'narrow'}");
        test.awaitThat(
                () -> { // the verdict comes from another thread
                    got.addAll(tell(client));
                    assertThat(got).anyMatch(frame -> frame.contains("\"ended\""));
                });
    }
}
