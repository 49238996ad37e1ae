package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that asks which services there are. */
class ProtocolServicesTest extends ProtocolContract {
    private static final Pattern NAME = Pattern.compile("\\{\"name\":\"([^\"]*)\"");
    private static final int MANY = 400;

    record Home(double speed, Optional<String> note) {}

    record Homed(List<Double> angles) {}

    record Nothing() {}

    private void startFor(Permissions permissions) throws Exception {
        startGuarded(settings -> settings.anonymousAccess(permissions));
    }

    private void robotHas(String... services) {
        for (String service : services) {
            test.broker().handle(service, Nothing.class, Void.class, (nothing, call) -> null);
        }
    }

    private void robotHasMany() {
        for (int i = 0; i < MANY; i++) {
            robotHas(String.format("many/%04d/", i) + "x".repeat(150));
        }
    }

    private static String services(String members) {
        return json("{'action':'services','id':4" + members + "}");
    }

    private static List<String> names(String reply) {
        List<String> names = new ArrayList<>();
        for (Matcher name = NAME.matcher(reply); name.find(); ) {
            names.add(name.group(1));
        }
        return names;
    }

    @Test
    void theReplyTellsWhatEachServiceIsGivenAndAnswers() throws Exception {
        start();
        test.broker().handle("robot.stop", Nothing.class, Void.class, (nothing, call) -> null);
        test.broker().handle("arm/home", Home.class, Homed.class, (home, call) -> new Homed(List.of()));
        test.broker().handle("count", Integer.class, Integer.class, (number, call) -> number);

        assertThat(connect().ask(services("")))
                .isEqualTo(json("{'action':'ack','id':4,'services':["
                        + "{'name':'arm/home','request':{'type':'object','properties':{'speed':{'type':'number'},"
                        + "'note':{'type':['string','null']}},'required':['speed']},"
                        + "'reply':{'type':'object','properties':{'angles':{'type':'array',"
                        + "'items':{'type':'number'}}},'required':['angles']}},"
                        + "{'name':'count','request':{'type':'integer'},'reply':{'type':'integer'}},"
                        + "{'name':'robot.stop','request':{'type':'object','properties':{}},"
                        + "'reply':{'type':'null'}}],"
                        + "'complete':true}"));
    }

    @Test
    void aClientSeesWhatItMayCallAndNothingElse() throws Exception {
        startFor(Permissions.none().subscribe("#").publish("#").call("arm/+", "robot.dock"));
        robotHas("arm", "arm/home", "arm/left/home", "robot.dock", "robot.off");

        assertThat(names(connect().ask(services("")))).containsExactly("arm/home", "robot.dock");
    }

    @Test
    void whoMayCallNothingSeesNothing() throws Exception {
        startFor(Permissions.none().subscribe("#").publish("#"));
        robotHas("arm/home");

        assertThat(connect().ask(services("")))
                .isEqualTo(json("{'action':'ack','id':4,'services':[],'complete':true}"));
    }

    @Test
    void aNewerTokenShowsWhatItMayCall() throws Exception {
        TokenTable tokens = new TokenTable();
        startGuarded(settings -> settings.tokenVerifier(tokens));
        tokens.with("wide", ClientPrincipal.of("a", Permissions.none().call("#")))
                .with("narrow", ClientPrincipal.of("a", Permissions.none().call("b")));
        robotHas("a", "b");
        ContractClient client = test.connect("token=wide");

        assertThat(names(client.ask(services("")))).containsExactly("a", "b");
        client.send(json("{'action':'auth','id':1,'token':'narrow'}")).frames(1);
        assertThat(names(client.ask(services("")))).containsExactly("b");
    }

    @Test
    void aPageEndsAtItsLimitAndTheNextBeginsAfterIt() throws Exception {
        start();
        robotHas("c", "a", "b/x", "b");
        ContractClient client = connect();

        String first = client.ask(services(",'limit':3"));
        assertThat(names(first)).containsExactly("a", "b", "b/x");
        assertThat(first).endsWith(json("],'complete':false}"));
        robotHas("b/y"); // between two pages
        String second = client.ask(services(",'limit':3,'after':'b/x'"));
        assertThat(names(second)).containsExactly("b/y", "c");
        assertThat(second).endsWith(json("],'complete':true}"));
    }

    @Test
    void pagesAreShortAndTogetherHaveEachServiceOnce() throws Exception {
        start();
        robotHasMany();
        ContractClient client = connect();

        List<String> all = new ArrayList<>();
        int pages = 1;
        String reply = client.ask(services(""));
        while (reply.endsWith(json("'complete':false}"))) {
            assertThat(reply.length()).isBetween(30_000, 33_000);
            pages++;
            all.addAll(names(reply));
            reply = client.ask(services(",'after':'" + all.get(all.size() - 1) + "'"));
        }
        all.addAll(names(reply));

        assertThat(all).hasSize(MANY).isSorted().doesNotHaveDuplicates();
        assertThat(pages).isGreaterThan(2);
    }

    @Test
    void whatIsLookedAtCountsInTheRate() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(Permissions.none().call("none"))
                .limits(limits -> limits.requestRate(RequestRate.perSecond(100))));
        robotHasMany();
        ContractClient client = connect();
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask(services(""))).contains("\"ack\"");
        }

        for (int i = 0; i < 15; i++) {
            client.send(services(""));
        }
        assertThat(client.frames(15)).last().asString().contains("\"rate_limited\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {",'limit':0", ",'limit':1001", ",'limit':'3'", ",'after':7"})
    void aMemberOfTheWrongFormIsRefused(String member) throws Exception {
        start();

        assertError(connect().ask(services(member)), "'id':4,'request':'services',", "bad_request", 400);
    }

    @Test
    void withoutAnIdThereIsNothingToAnswer() throws Exception {
        start();

        assertError(connect().ask(json("{'action':'services'}")), "'request':'services',", "bad_request", 400);
    }
}
