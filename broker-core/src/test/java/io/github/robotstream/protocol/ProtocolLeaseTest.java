package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.ControlLease;
import io.github.robotstream.Permissions;
import io.github.robotstream.Sender;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One client at a time commands on a topic, where robot code allows that. */
class ProtocolLeaseTest extends ProtocolContract {
    private static final Topic<Double> SPEED = Topic.command("speed", "float", Double.class);
    private static final Topic<Double> STOP = Topic.command("stop", "float", Double.class);
    private static final Permissions ALL = Permissions.all().subscribe("$leases");

    private final TokenTable tokens = new TokenTable();

    private void startLeased(Consumer<TopicSettings<Double>> change) throws Exception {
        startGuarded(
                settings -> settings.tokenVerifier(tokens).topic(SPEED, change).topic(STOP, topic -> topic.stop(1.0)));
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

    private static String acquire(String members) {
        return json("{'action':'acquire','topic':'speed','id':1" + members + "}");
    }

    private static String release() {
        return json("{'action':'release','topic':'speed','id':2}");
    }

    private static void acquires(ContractClient client) {
        assertThat(client.ask(acquire(",'ttl_ms':1000")))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'speed','ttl_ms':1000}"));
    }

    private static void mayPublish(ContractClient client) {
        assertThat(client.ask(with("'id':3", message("speed", "0.5")))).contains("\"ack\"");
    }

    private static void isRefused(ContractClient client, String holder) {
        String frame = client.ask(with("'id':3", message("speed", "0.5")));
        assertThat(frame)
                .startsWith(json("{'action':'error','id':3,'request':'publish','topic':'speed','code':'lease_held',"
                        + "'status':423,'message':'" + holder))
                .endsWith(json("'retry':true,'holder':'" + holder + "'}"));
    }

    @Test
    void withoutAHolderNothingIsDifferent() throws Exception {
        startLeased(TopicSettings::leased);
        mayPublish(client("a"));
        mayPublish(client("b"));
    }

    @Test
    void whileOneClientHoldsItOthersAreRefusedAndToldWhoItIs() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient holder = client("a");
        ContractClient other = client("b");
        acquires(holder);
        isRefused(other, "a");
        assertThat(other.ask(acquire(""))).contains("lease_held", "\"holder\":\"a\"");
        isRefused(client("a"), "a");
        mayPublish(holder);

        assertThat(holder.ask(release())).isEqualTo(json("{'action':'ack','id':2,'topic':'speed'}"));
        mayPublish(other);
        assertThat(other.ask(acquire(""))).isEqualTo(json("{'action':'ack','id':1,'topic':'speed','ttl_ms':5000}"));
        isRefused(holder, "b");
    }

    @Test
    void eachUseRenewsIt() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient holder = client("a");
        ContractClient other = client("b");
        acquires(holder);
        for (int i = 0; i < 3; i++) {
            test.advance(Duration.ofMillis(999));
            mayPublish(holder);
        }
        test.advance(Duration.ofMillis(999));
        isRefused(other, "a");
        acquires(holder);
        test.advance(Duration.ofMillis(999));
        isRefused(other, "a");
        test.advance(Duration.ofMillis(1));
        mayPublish(other);
    }

    @Test
    void whatIsRefusedRenewsNothing() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient holder = client("a");
        acquires(holder);
        test.advance(Duration.ofMillis(999));
        assertThat(holder.ask(with("'id':1", message("speed", "true")))).contains("type_mismatch");
        assertThat(holder.ask(with("'id':1,'mono':0,'ttl_ms':1", message("speed", "1"))))
                .contains("stale");
        test.advance(Duration.ofMillis(1));
        mayPublish(client("b"));
    }

    @Test
    void itEndsWithTheSessionAndWithTheToken() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient other = client("b");
        ContractClient holder = client("a");
        acquires(holder);
        holder.leave(1000, "");
        mayPublish(other);
        acquires(client("short"));
        isRefused(other, "a");
        test.advance(Duration.ofMillis(50));
        mayPublish(other);
    }

    @Test
    void itEndsWithTheRightToPublish() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient holder = client("a");
        acquires(holder);
        assertThat(holder.ask(json("{'action':'auth','id':1,'token':'narrow'}")))
                .contains("\"ack\"");
        mayPublish(client("b"));
        assertThat(holder.ask(acquire(""))).contains("forbidden");
    }

    @Test
    void whereOneIsRequiredNobodyPublishesWithout() throws Exception {
        startLeased(TopicSettings::requireLease);
        ContractClient client = client("a");
        assertError(
                client.ask(with("'id':1", message("speed", "0.5"))),
                "'id':1,'request':'publish','topic':'speed',",
                "lease_required",
                428);
        acquires(client);
        mayPublish(client);
        isRefused(client("b"), "a");
        assertThat(test.broker().publish(SPEED, 0.7)).isTrue();
    }

    @Test
    void aStopTopicIsForEverybodyAndNobodysAlone() throws Exception {
        startLeased(TopicSettings::requireLease);
        acquires(client("a"));
        ContractClient other = client("b");
        assertThat(other.ask(with("'id':1", message("stop", "1")))).contains("\"ack\"");
        String frame = other.ask(json("{'action':'acquire','topic':'stop','id':1}"));
        assertError(frame, "'id':1,'request':'acquire','topic':'stop',", "forbidden", 403);
        assertThat(frame).contains("stop is a stop topic");
    }

    @Test
    void onlyWhatRobotCodeSaysIsLeased() throws Exception {
        startLeased(topic -> {});
        ContractClient client = client("a");
        assertThat(client.ask(acquire(""))).contains("forbidden", "speed has no lease");
        assertThat(client.ask(json("{'action':'acquire','topic':'nowhere','id':1}")))
                .contains("forbidden");
        assertThat(client.ask(release())).contains("lease_required");
        client.send(json("{'action':'release','topic':'speed'}"));
        client.hearsNothing();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> test.broker().lease(SPEED))
                .withMessageContaining("leased()");
    }

    @Test
    void theTimeThatAClientAsksForIsBounded() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient client = client("a");
        for (String ttl : List.of("99", "60001", "1.5", "'1000'", "-1")) {
            assertThat(client.ask(acquire(",'ttl_ms':" + ttl))).contains("bad_request", "ttl_ms");
        }
        mayPublish(client("b"));
    }

    @Test
    void theEndOfALeaseBringsTheSafeValueOfWhoCommanded() throws Exception {
        List<Double> heard = new CopyOnWriteArrayList<>();
        startLeased(topic -> topic.leased().watchdog(Duration.ofMinutes(1), 0.0));
        test.broker().subscribe(SPEED, heard::add);
        ContractClient holder = client("a");
        acquires(holder);
        mayPublish(holder);
        test.awaitThat(() -> assertThat(heard).containsExactly(0.5));
        test.broker().lease(SPEED).release();
        test.awaitThat(() -> assertThat(heard).containsExactly(0.5, 0.0));
    }

    @Test
    void robotCodeTakesItEndsItAndHearsOfIt() throws Exception {
        startLeased(TopicSettings::leased);
        ControlLease lease = test.broker().lease(SPEED);
        List<String> heard = new CopyOnWriteArrayList<>();
        lease.onChange(holder -> heard.add(holder.map(Sender::toString).orElse("nobody")));
        test.settle();
        ContractClient client = client("a");
        acquires(client);
        test.awaitThat(() -> assertThat(heard).containsExactly("a (c-1)"));
        assertThat(lease.holder().orElseThrow().principal().orElseThrow().name())
                .isEqualTo("a");

        lease.take();
        test.awaitThat(() -> assertThat(heard).endsWith("robot"));
        isRefused(client, "robot");
        assertThat(client.ask(acquire(""))).contains("lease_held");
        test.advance(Duration.ofHours(1));
        isRefused(client, "robot");
        assertThat(lease.holder()).contains(Sender.ROBOT);

        lease.release();
        test.awaitThat(() -> assertThat(heard).endsWith("nobody"));
        acquires(client);
        test.awaitThat(() -> assertThat(heard).endsWith("a (c-1)"));
        lease.release();
        test.settle();
        mayPublish(client("b"));
    }

    @Test
    void whoHoldsWhatIsShownToldAndLogged() throws Exception {
        startLeased(TopicSettings::leased);
        ContractClient watching = client("b").send(subscribe("$leases"));
        assertThat(watching.frame()).endsWith(json("'type':'leases','data':{'leases':[]}}}"));
        assertThat(watching.ask(json("{'action':'topics','topic':'+','id':1}")))
                .contains(json("'rate':0.0,'lease':{'required':false}"))
                .contains(json("'rate':0.0,'stop':{'value':1.0}"));
        watching.send(json("{'action':'subscribe','topic':'server_logs','options':{'retained':false}}"));
        test.settle();
        ContractClient holder = client("a");
        watching.frames();
        acquires(holder);
        assertThat(watching.frames())
                .anyMatch(frame ->
                        frame.endsWith(json("'data':{'leases':[{'topic':'speed','holder':'a','session':'c-2'}]}}}")))
                .anyMatch(frame -> frame.contains(json("'event':'lease_taken'"))
                        && frame.contains(
                                json("'client':'c-2','subject':'a','topic':'speed','attrs':{'reason':'acquired'}")));
        assertThat(watching.ask(json("{'action':'topics','topic':'speed','id':1}")))
                .contains(json("'lease':{'required':false,'holder':'a','session':'c-2'}"));
        holder.leave(1000, "");
        assertThat(watching.frames())
                .anyMatch(frame -> frame.endsWith(json("'data':{'leases':[]}}}")))
                .anyMatch(frame -> frame.contains(json("'event':'lease_ended'"))
                        && frame.contains(json("'attrs':{'reason':'session_ended'}")));
    }
}
