package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.ServiceCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of Foxglove's subprotocol are told of services and call them. */
class FoxgloveServicesTest extends ProtocolContract {
    private static final Duration A_BEAT = Duration.ofSeconds(1);

    private final CountDownLatch released = new CountDownLatch(1);
    private final List<ServiceCall> begun = new CopyOnWriteArrayList<>();

    record Home(double speed, Optional<String> text) {}

    record Homed(double seconds) {}

    record Nothing() {}

    private void startFor(Permissions permissions) throws Exception {
        startGuarded(settings -> settings.anonymousAccess(permissions)
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1000)))
                .handle("arm/home", Home.class, Homed.class, (home, call) -> {
                    if (home.speed() < 0) {
                        throw new IllegalStateException("the password is 1234");
                    }
                    call.progress("half");
                    return new Homed(home.speed() * 2);
                })
                .handle("slow", Nothing.class, Void.class, (nothing, call) -> {
                    begun.add(call);
                    assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
                    return null;
                })
                .handle("double", Integer.class, Integer.class, (number, call) -> 2 * number));
    }

    private FoxgloveClient viewer() throws Exception {
        FoxgloveClient viewer = FoxgloveClient.connect(test);
        viewer.services();
        return viewer;
    }

    private List<String> answersOf(FoxgloveClient viewer, int count) {
        List<String> answers = new CopyOnWriteArrayList<>();
        test.awaitThat(() -> {
            answers.addAll(viewer.answers());
            assertThat(answers).hasSize(count);
        });
        return answers;
    }

    private FoxgloveClient callsSlow(FoxgloveClient viewer, int call) {
        viewer.call("slow", call, "{}");
        test.settle();
        return viewer;
    }

    private void awaitBegun(int count) {
        test.awaitThat(() -> assertThat(begun).hasSize(count));
    }

    @AfterEach
    void releaseHandlers() {
        released.countDown();
    }

    @Test
    void theCapabilityIsToldToThoseWhoMayCallSomething() throws Exception {
        startFor(Permissions.none().subscribe("#").call("nothing"));

        FoxgloveClient viewer = FoxgloveClient.connect(test);
        assertThat(viewer.told().get(0).getAsJsonArray("capabilities").toString())
                .isEqualTo(json("['time','services']"));
        assertThat(viewer.services()).isEmpty();
    }

    @Test
    void aServiceIsToldWithWhatItIsGivenAndAnswersInTheFormThatViewersRead() throws Exception {
        startFor(Permissions.none().call("arm/#"));

        JsonObject service = viewer().services().get("arm/home");
        assertThat(definition(service, "request"))
                .isEqualTo("json jsonschema arm/home_Request "
                        + json("{'type':'object','properties':{'speed':{'type':'number'},'text':{'type':'string'}}}"));
        assertThat(definition(service, "response"))
                .isEqualTo("json jsonschema arm/home_Response "
                        + json("{'type':'object','properties':{'seconds':{'type':'number'}}}"));
        assertThat(service.get("type").getAsString()).isEqualTo("arm/home");
    }

    private static String definition(JsonObject service, String which) {
        JsonObject definition = service.getAsJsonObject(which);
        return Stream.of("encoding", "schemaEncoding", "schemaName", "schema")
                .map(member -> definition.get(member).getAsString())
                .collect(Collectors.joining(" "));
    }

    @Test
    void onlyServicesThatTheTokenMayCallAreTold() throws Exception {
        startFor(Permissions.none().subscribe("#").call("arm/#", "double"));

        assertThat(viewer().services()).containsOnlyKeys("arm/home", "double");
    }

    @Test
    void aServiceThatComesLaterIsToldWithinASecond() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = viewer();
        test.broker().handle("later", Nothing.class, Void.class, (nothing, call) -> null);
        test.advance(A_BEAT);

        assertThat(viewer.services()).containsOnlyKeys("arm/home", "slow", "double", "later");
        assertThat(answersOf(viewer.call("later", 1, "{}"), 1)).hasSize(1);
    }

    @Test
    void manyServicesAreAllTold() throws Exception {
        startFor(Permissions.all());
        IntStream.range(0, 300)
                .forEach(i -> test.broker()
                        .handle("many/" + i, Home.class, Homed.class, (home, call) -> new Homed(home.speed())));

        assertThat(viewer().services()).hasSize(303);
    }

    @Test
    void aCallIsAnsweredAndItsProgressIsNotTold() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = viewer();
        int service = viewer.services().get("arm/home").get("id").getAsInt();

        assertThat(answersOf(viewer.call("arm/home", -1, "{'speed':0.5}"), 1))
                .containsExactly(service + " 4294967295 json " + json("{'seconds':1.0}"));
        assertThat(viewer.statuses()).isEmpty();
    }

    @Test
    void whatIsNoObjectIsTheMemberValueOfOne() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = viewer();

        assertThat(answersOf(viewer.call("double", 1, "{'value':21}"), 1).get(0))
                .endsWith(" 1 json " + json("{'value':42}"));
        released.countDown();
        assertThat(answersOf(viewer.call("slow", 2, "{}"), 1).get(0)).endsWith(" 2 json {}");
    }

    @Test
    void whatIsNotAllowedLooksLikeWhatIsNotThere() throws Exception {
        startFor(Permissions.none().call("double"));
        FoxgloveClient viewer = viewer();

        for (int service = 0; service < 5; service++) {
            viewer.call(service, service, "json", "{'value':1}");
        }
        viewer.call(-1, 5, "json", "{}");
        assertThat(answersOf(viewer, 6))
                .filteredOn(answer -> answer.contains("failed"))
                .hasSize(5)
                .allMatch(answer -> answer.matches("(\\d+) \\d failed unknown_service: there is no service \\1 now"));
        assertThat(begun).isEmpty();
        assertThat(viewer.statuses()).isEmpty();
    }

    @Test
    void whatDoesNotFitFailsTheCallAndSaysWhy() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = viewer();
        int home = viewer.services().get("arm/home").get("id").getAsInt();

        viewer.call("arm/home", 1, "{'speed':'fast'}");
        assertThat(answersOf(viewer, 1).get(0))
                .contains(" 1 failed type_mismatch: ", "speed")
                .doesNotContain("fast");
        viewer.call("arm/home", 2, "{'speed':");
        assertThat(answersOf(viewer, 1).get(0)).contains(" 2 failed bad_json: ");
        viewer.call(home, 3, "cdr", "{'speed':1}");
        assertThat(answersOf(viewer, 1).get(0)).contains(" 3 failed bad_request: ", "json");
        viewer.call("arm/home", 4, "{'text':'" + "x".repeat(64 << 10) + "'}");
        assertThat(answersOf(viewer, 1).get(0)).contains(" 4 failed too_large: ");
        viewer.call("arm/home", 5, "{'speed':-1}");
        assertThat(answersOf(viewer, 1).get(0))
                .contains(" 5 failed call_failed: ")
                .doesNotContain("1234");
        assertThat(viewer.statuses()).isEmpty();
    }

    @Test
    void aMessageThatIsNoCallIsToldAndClosesNothing() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = viewer();
        int service = viewer.services().get("slow").get("id").getAsInt();

        viewer.raw.sendBinary(new byte[] {2, 1, 0, 0, 0});
        assertThat(viewer.statuses())
                .singleElement()
                .asString()
                .contains("bad_request: a binary message", "service call request");
        // The length of the encoding is more than there is, or negative.
        for (int length : new int[] {5, 100, -1}) {
            byte[] message = {2, (byte) service, 0, 0, 0, 7, 0, 0, 0, (byte) length, 0, 0, (byte) (length >> 24), 'j'};
            viewer.raw.sendBinary(message);
            assertThat(answersOf(viewer, 1).get(0)).contains(" 7 failed bad_request: the encoding");
        }
        viewer.raw.sendBinary(new byte[] {2, (byte) service, 0, 0, 0, 7, 0, 0, 0, 4, 0, 0, 0, 'j', 's'});
        assertThat(answersOf(viewer, 1).get(0)).contains(" 7 failed bad_request: the encoding");
        assertThat(begun).isEmpty();
    }

    @Test
    void aCallEndsAfterAMinute() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = callsSlow(viewer(), 1);
        awaitBegun(1);
        test.advance(Duration.ofMillis(59_990));
        assertThat(viewer.answers()).isEmpty();
        test.advance(Duration.ofMillis(10));

        assertThat(viewer.answers()).singleElement().asString().contains(" 1 failed timeout: slow has not answered");
        assertThat(begun.get(0).isCancelled()).isTrue();
        released.countDown();
    }

    @Test
    void callsThatGoOnAreBoundedAndAnIdIsOfOneCallAtATime() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = viewer();
        IntStream.range(0, 8).forEach(i -> callsSlow(viewer, i));
        awaitBegun(1);

        assertThat(callsSlow(viewer, 8).answers()).singleElement().asString().contains(" 8 failed overloaded: ");
        assertThat(callsSlow(viewer, 7).answers()).singleElement().asString().contains(" 7 failed bad_request: ");
        released.countDown();
        assertThat(answersOf(viewer, 8)).allMatch(answer -> answer.contains(" json {}"));
    }

    @Test
    void callsEndWithTheSession() throws Exception {
        startFor(Permissions.all());
        FoxgloveClient viewer = callsSlow(viewer(), 1);
        awaitBegun(1);
        viewer.raw.leave(1000, "");

        test.awaitThat(() -> assertThat(begun.get(0).isCancelled()).isTrue());
        released.countDown();
    }

    @Test
    void whoDoesNotReadHasItsAnswersLaterAndHoldsUpNobody() throws Exception {
        startFor(Permissions.all());
        AtomicInteger calls = new AtomicInteger();
        test.broker().handle("large", Nothing.class, String.class, (nothing, call) -> {
            calls.incrementAndGet();
            return "x".repeat(60_000);
        });
        FoxgloveClient slow = viewer();
        int large = slow.services().get("large").get("id").getAsInt();
        FoxgloveClient quick = viewer();
        slow.raw.stopReading();
        IntStream.range(0, 8).forEach(i -> slow.call(large, i, "json", "{}"));

        for (int i = 0; i < 20; i++) { // so all of the slow one's have been answered, of which 256 KiB wait for it
            assertThat(answersOf(quick.call("large", i, "{}"), 1)).hasSize(1);
        }
        test.awaitThat(() -> assertThat(calls).hasValue(28));
        slow.raw.resumeReading();
        assertThat(answersOf(slow, 8)).allMatch(answer -> answer.contains(" json {\"value\":\"xxx"));
    }
}
