package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.ServiceCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Robot code answers what clients call. */
class ProtocolServiceTest extends ProtocolContract {
    private final TokenTable tokens = new TokenTable();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<ServiceCall> begun = new CopyOnWriteArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();

    record Home(double speed, Optional<String> text) {}

    record Homed(double seconds) {}

    record Nothing() {}

    private void startRobot() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens));
        tokens.with("a", ClientPrincipal.of("a", Permissions.all()))
                .with("b", ClientPrincipal.of("b", Permissions.none().call("arm/#")))
                .with(
                        "topics",
                        ClientPrincipal.of(
                                "a", Permissions.none().subscribe("#").publish("#")));
        test.broker().handle("arm/home", Home.class, Homed.class, (home, call) -> {
            if (home.speed() < 0) {
                throw new IllegalStateException("the password is 1234");
            }
            call.progress("half");
            return new Homed(home.speed() * 2);
        });
        test.broker().handle("slow", Nothing.class, Void.class, (nothing, call) -> {
            begun.add(call);
            await(released);
            answered.incrementAndGet();
            return null;
        });
    }

    /** Waits though the thread is interrupted by a test that ends. */
    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void releaseHandlers() {
        released.countDown();
    }

    private ContractClient client(String token) throws Exception {
        return test.connect("token=" + token);
    }

    private static String call(Object id, String service, String members) {
        return json("{'action':'call','id':" + id + ",'service':'" + service + "'" + members + "}");
    }

    private ContractClient callsSlow(ContractClient client, Object id, String members) {
        client.send(call(id, "slow", members));
        test.settle();
        return client;
    }

    private void awaitBegun(int count) {
        test.awaitThat(() -> assertThat(begun).hasSize(count));
    }

    @Test
    void aCallIsAnsweredOnceWithItsProgressBefore() throws Exception {
        startRobot();
        List<String> frames = client("a")
                .send(call(7, "arm/home", ",'data':{'speed':0.2},'timeout_ms':5000"))
                .frames(2);
        assertThat(frames)
                .containsExactly(
                        json("{'action':'progress','id':7,'service':'arm/home','data':'half'}"),
                        json("{'action':'ack','id':7,'service':'arm/home','data':{'seconds':0.4}}"));
        assertThat(client("a").ask(call("'x'", "unknown", ""))).contains("'id':'x'".replace('\'', '"'));
    }

    @Test
    void theHandlerKnowsWhoCalls() throws Exception {
        startRobot();
        callsSlow(client("a"), 1, "");
        awaitBegun(1);
        assertThat(begun.get(0).caller()).hasToString("a (c-1)");
        assertThat(begun.get(0).isCancelled()).isFalse();
    }

    @Test
    void withoutDataAnEmptyObjectIsGivenAndNothingIsNull() throws Exception {
        startRobot();
        released.countDown();
        assertThat(client("a").ask(call(1, "slow", "")))
                .isEqualTo(json("{'action':'ack','id':1,'service':'slow','data':null}"));
    }

    @Test
    void otherRequestsDoNotWaitForACall() throws Exception {
        startRobot();
        ContractClient client = callsSlow(client("a"), 1, "");
        assertThat(client.ask(with("'id':2", message("pose", "1")))).contains("\"ack\"", "\"id\":2");
        released.countDown();
        assertThat(client.frame()).contains("\"ack\"", "\"id\":1");
    }

    @Test
    void aServiceThatIsNotThereIsUnknown() throws Exception {
        startRobot();
        assertError(client("a").ask(call(1, "fly", "")), "'id':1,'request':'call',", "unknown_service", 404);
    }

    @Test
    void rightsToCallAreApartFromRightsOfTopics() throws Exception {
        startRobot();
        assertError(
                client("topics").ask(call(1, "arm/home", ",'data':{'speed':1}")),
                "'id':1,'request':'call',",
                "forbidden",
                403);
        assertError(client("b").ask(call(1, "slow", "")), "'id':1,'request':'call',", "forbidden", 403);
        // What is not allowed is not told to be there or not.
        assertError(client("b").ask(call(1, "fly", "")), "'id':1,'request':'call',", "forbidden", 403);
        assertThat(client("b").send(call(1, "arm/home", ",'data':{'speed':1}")).frames(2))
                .last()
                .asString()
                .contains("\"ack\"");
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsMember() throws Exception {
        startRobot();
        String frame = client("a").ask(call(1, "arm/home", ",'data':{'speed':'fast'}"));
        assertError(frame, "'id':1,'request':'call',", "type_mismatch", 422);
        assertThat(frame).contains("speed").doesNotContain("fast");
    }

    @Test
    void aHandlerThatThrowsFailsItsCallAloneAndTheLogSaysSo() throws Exception {
        startRobot();
        ContractClient watching = client("a").send(subscribe("server_logs"));
        watching.frames();
        ContractClient client = client("b");
        watching.frames();
        String frame = client.ask(call(1, "arm/home", ",'data':{'speed':-1}"));
        assertError(frame, "'id':1,'request':'call',", "call_failed", 500);
        assertThat(frame).doesNotContain("1234");
        assertThat(watching.frames())
                .singleElement()
                .asString()
                .contains(
                        json("'event':'call_failed'"),
                        json("'client':'c-2','subject':'b','attrs':{'service':'arm/home'}"))
                .doesNotContain("1234");
        assertThat(client.send(call(1, "arm/home", ",'data':{'speed':1}")).frames(2))
                .last()
                .asString()
                .contains("\"ack\"");
        assertThat(test.broker().stats().failures()).isEqualTo(1);
    }

    @Test
    void aCallEndsWithItsTime() throws Exception {
        startRobot();
        ContractClient client = client("a")
                .send(
                        json(
                                "{'action':'subscribe','topic':'server_logs','options':{'retained':false,'min_level':'WARN'}}"));
        callsSlow(client, 1, ",'timeout_ms':1000");
        awaitBegun(1);
        test.advance(Duration.ofMillis(999));
        client.hearsNothing();
        test.advance(Duration.ofMillis(1));
        List<String> frames = client.frames();
        assertThat(frames).hasSize(2);
        assertThat(frames).anyMatch(frame -> frame.contains("\"call_timed_out\""));
        assertError(
                frames.stream().filter(f -> f.contains("error")).findFirst().orElseThrow(),
                "'id':1,'request':'call',",
                "timeout",
                504);
        assertThat(begun.get(0).isCancelled()).isTrue();
        released.countDown();
        test.awaitThat(() -> assertThat(answered).hasValue(1));
        client.hearsNothing();
    }

    @Test
    void aClientCancelsItsCallAndNoOther() throws Exception {
        startRobot();
        ContractClient client = callsSlow(client("a"), 1, "");
        awaitBegun(1);
        ContractClient other = client("a");
        assertThat(other.ask(json("{'action':'cancel','id':2,'call':1}")))
                .isEqualTo(json("{'action':'ack','id':2,'call':1,'cancelled':false}"));
        assertThat(begun.get(0).isCancelled()).isFalse();
        List<String> frames =
                client.send(json("{'action':'cancel','id':2,'call':1}")).frames(2);
        assertError(frames.get(0), "'id':1,'request':'call',", "cancelled", 499);
        assertThat(frames.get(1)).isEqualTo(json("{'action':'ack','id':2,'call':1,'cancelled':true}"));
        assertThat(begun.get(0).isCancelled()).isTrue();
        released.countDown();
        test.awaitThat(() -> assertThat(answered).hasValue(1));
        client.hearsNothing();
    }

    @Test
    void callsEndWithTheSession() throws Exception {
        startRobot();
        ContractClient client = callsSlow(client("a"), 1, "");
        awaitBegun(1);
        callsSlow(client, 2, "");
        client.leave(1000, "");
        test.awaitThat(() -> assertThat(begun.get(0).isCancelled()).isTrue());
        released.countDown();
        assertThat(client("a").ask(call(3, "slow", ""))).contains("\"ack\"");
        assertThat(begun).as("the call that waited has not begun").hasSize(2);
    }

    @Test
    void callsEndWithTheRight() throws Exception {
        startRobot();
        ContractClient client = callsSlow(client("a"), 1, "");
        awaitBegun(1);
        client.send(json("{'action':'auth','id':2,'token':'topics'}"));
        List<String> frames = client.frames(2);
        assertError(frames.get(0), "'id':1,'request':'call',", "forbidden", 403);
        assertThat(frames.get(1)).contains("\"ack\"", "\"id\":2");
        assertThat(begun.get(0).isCancelled()).isTrue();
    }

    @Test
    void oneIdMarksOneCallAtATime() throws Exception {
        startRobot();
        ContractClient client = callsSlow(client("a"), 1, "");
        assertThat(client.ask(call(1, "slow", ""))).contains("bad_request", "goes on");
    }

    @Test
    void callsOfASessionAndCallsThatWaitAreBounded() throws Exception {
        startRobot();
        ContractClient first = client("a");
        IntStream.range(0, 8).forEach(i -> callsSlow(first, i, ""));
        awaitBegun(1);
        assertError(first.ask(call(8, "slow", "")), "'id':8,'request':'call',", "overloaded", 503, true);
        ContractClient second = client("a");
        IntStream.range(0, 8).forEach(i -> callsSlow(second, i, ""));
        ContractClient third = client("a");
        callsSlow(third, 1, "");
        assertError(third.ask(call(2, "slow", "")), "'id':2,'request':'call',", "overloaded", 503, true);
        // Those that nobody waits for make room.
        first.leave(1000, "");
        test.awaitThat(() -> assertThat(begun.get(0).isCancelled()).isTrue());
        callsSlow(third, 3, "").hearsNothing();
        assertThat(begun).hasSize(1);
    }

    @Test
    void callsOfAllAreBounded() throws Exception {
        startRobot();
        for (int i = 0; i < 8; i++) {
            test.broker().handle("more/" + i, Nothing.class, Void.class, (nothing, call) -> {
                await(released);
                return null;
            });
        }
        for (int s = 0; s < 16; s++) {
            ContractClient client = client("a");
            for (int i = 0; i < 8; i++) {
                client.send(call(i, "more/" + i, ""));
            }
            client.hearsNothing();
        }
        ContractClient last = client("a");
        assertError(last.ask(call(1, "slow", "")), "'id':1,'request':'call',", "overloaded", 503, true);
    }

    @Test
    void formAndSizeAreChecked() throws Exception {
        startRobot();
        ContractClient client = client("a");
        assertThat(client.ask(json("{'action':'call','service':'slow'}"))).contains("bad_request", "\\\"id\\\"");
        assertThat(client.ask(json("{'action':'call','id':1}"))).contains("bad_request", "service");
        for (String timeout : List.of("0", "3600001", "1.5", "'1'")) {
            assertThat(client.ask(call(1, "slow", ",'timeout_ms':" + timeout))).contains("bad_request", "timeout_ms");
        }
        test.advance(Duration.ofSeconds(1));
        assertThat(client.ask(json("{'action':'cancel','id':1}"))).contains("bad_request", "call");
        String large = ",'data':{'speed':1,'text':'" + "x".repeat(64 << 10) + "'}";
        assertError(client.ask(call(1, "arm/home", large)), "'id':1,'request':'call',", "too_large", 413);
        assertThat(begun).isEmpty();
    }

    @Test
    void aReplyThatIsTooLargeFailsTheCall() throws Exception {
        startRobot();
        test.broker().handle("large", Nothing.class, String.class, (nothing, call) -> "x".repeat(64 << 10));
        assertThat(client("a").ask(call(1, "large", ""))).contains("call_failed");
    }

    @Test
    void progressIsTheNewestWhileTheClientDoesNotRead() throws Exception {
        startRobot();
        CountDownLatch told = new CountDownLatch(1);
        test.broker().handle("counts", Nothing.class, Void.class, (nothing, call) -> {
            for (int i = 1; i <= 1000; i++) {
                call.progress(i);
            }
            told.countDown();
            await(released);
            return null;
        });
        ContractClient client = client("a").send(call(1, "counts", ""));
        test.settle();
        await(told);
        List<String> frames = client.frames();
        assertThat(frames).hasSizeLessThan(100).last().asString().endsWith("\"data\":1000}");
        released.countDown();
        assertThat(client.frame()).contains("\"ack\"");
    }

    @Test
    void aServiceOfTheBuilderIsThereBeforeTheFirstClient() throws Exception {
        start(settings -> settings.handle("count", Nothing.class, Integer.class, (nothing, call) -> 7));
        assertThat(connect().ask(call(1, "count", "")))
                .isEqualTo(json("{'action':'ack','id':1,'service':'count','data':7}"));
    }

    @Test
    void aServiceHasOneHandlerAndTypesThatHaveAForm() throws Exception {
        startRobot();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> test.broker().handle("slow", Nothing.class, Void.class, (nothing, call) -> null))
                .withMessageContaining("has a handler already");
        for (String name : List.of("", "a/+", "#", "$stats", "server_logs")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> test.broker().handle(name, Nothing.class, Void.class, (nothing, call) -> null));
        }
    }
}
