package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonStreamParser;
import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every example in docs/foxglove.md is a message that a broker takes, or is what it sends. */
class FoxgloveDocumentTest {
    private static final Pattern BLOCK = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    private BrokerUnderTest test;

    record Dock(double speed) {}

    record Docked(boolean docked) {}

    private static List<JsonObject> examples(String op) throws IOException {
        Path here = Path.of("docs", "foxglove.md");
        String text = Files.readString(Files.exists(here) ? here : Path.of("..").resolve(here));
        List<JsonObject> examples = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            for (JsonStreamParser all = new JsonStreamParser(block.group(1)); all.hasNext(); ) {
                JsonObject example = all.next().getAsJsonObject();
                if (example.get("op").getAsString().equals(op)) {
                    examples.add(example);
                }
            }
        }
        assertThat(examples).as(op).isNotEmpty();
        return examples;
    }

    private static JsonObject without(JsonElement object, String... members) {
        JsonObject copy = object.getAsJsonObject().deepCopy();
        for (String member : members) {
            assertThat(copy.remove(member)).as(member).isNotNull();
        }
        return copy;
    }

    private FoxgloveClient start(Permissions permissions) throws IOException {
        test = new BrokerUnderTest(
                Way.IN_MEMORY,
                settings -> settings.anonymousAccess(permissions)
                        .topic(Topic.state("speed", "float", Double.class))
                        .handle("robot.dock", Dock.class, Docked.class, (dock, call) -> new Docked(true)));
        return FoxgloveClient.connect(test);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void theGreetingAndTheChannelAreWhatTheBrokerSends() throws Exception {
        FoxgloveClient viewer = start(Permissions.all());

        assertThat(without(viewer.told().get(0), "sessionId"))
                .isEqualTo(without(examples("serverInfo").get(0), "sessionId"));
        JsonObject channel =
                examples("advertise").get(0).getAsJsonArray("channels").get(0).getAsJsonObject();
        assertThat(without(viewer.channel("speed"), "id")).isEqualTo(without(channel, "id"));
    }

    @Test
    void theServiceAndTheFailureOfACallAreWhatTheBrokerSends() throws Exception {
        FoxgloveClient viewer = start(Permissions.all());
        JsonObject service = examples("advertiseServices")
                .get(0)
                .getAsJsonArray("services")
                .get(0)
                .getAsJsonObject();
        assertThat(viewer.services().get("robot.dock")).isEqualTo(service);

        JsonObject failure = examples("serviceCallFailure").get(0);
        viewer.call("robot.dock", failure.get("callId").getAsInt(), "{'speed':'fast'}");
        test.awaitThat(() -> assertThat(viewer.answers())
                .containsExactly(failure.get("serviceId") + " " + failure.get("callId") + " failed "
                        + failure.get("message").getAsString()));
    }

    @Test
    void whatClientsSendIsTakenAndTheErrorIsTheOneThatIsShown() throws Exception {
        FoxgloveClient viewer = start(Permissions.none().subscribe("#").publish("go"));
        viewer.told();
        JsonObject subscribe = examples("subscribe").get(0);
        subscribe
                .getAsJsonArray("subscriptions")
                .get(0)
                .getAsJsonObject()
                .add("channelId", viewer.channel("speed").get("id"));

        viewer.send(subscribe.toString());
        assertThat(viewer.statuses()).isEmpty();
        assertThat(test.broker().sessions().get(0).subscriptions()).containsExactly("speed");
        viewer.send(examples("unsubscribe").get(0).toString());
        assertThat(viewer.statuses()).isEmpty();
        assertThat(test.broker().sessions().get(0).subscriptions()).isEmpty();

        viewer.send(examples("advertise").get(1).toString()).publish(3, "{}");
        assertThat(viewer.told()).containsExactly(examples("status").get(0));
        viewer.send(examples("unadvertise").get(1).toString()).publish(3, "{}");
        assertThat(viewer.statuses()).singleElement().asString().contains("no client channel 3");
    }
}
