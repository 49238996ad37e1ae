package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that asks which topics there are. */
class ProtocolTopicsTest extends ProtocolContract {
    private static final Pattern NAME = Pattern.compile("\\{\"name\":\"([^\"]*)\"");
    private static final int NAMES = 1_000;

    record Twist(double x, Optional<String> label) {}

    private void startFor(Permissions permissions) throws Exception {
        startGuarded(settings -> settings.anonymousAccess(permissions));
    }

    private static String topics(String members) {
        return json("{'action':'topics','id':4" + members + "}");
    }

    private static List<String> names(String reply) {
        List<String> names = new ArrayList<>();
        for (Matcher name = NAME.matcher(reply); name.find(); ) {
            names.add(name.group(1));
        }
        return names;
    }

    /** Robot code publishes on 1,000 topics with long names. */
    private void robotPublishesOnMany() {
        for (int i = 0; i < NAMES; i++) {
            test.broker().publish(manyName(i), Payload.of("n", "t", "1"));
        }
        test.settle();
    }

    private static String manyName(int number) {
        return String.format("many/%04d/", number) + "x".repeat(150);
    }

    @Test
    void theReplyTellsTypeKindRightsLastValueAndRateOfEachTopic() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(
                        Permissions.none().subscribe("#").publish("cmd/#"))
                .topic(Topic.command("cmd/vel", "Twist", Twist.class))
                .topic(Topic.state("idle", "float", Double.class).withSchema(json("{'type':'number','minimum':0}"))));
        ContractClient client = connect();
        for (int i = 0; i < 50; i++) {
            robotPublishes("battery", "25.1");
        }
        client.send(json("{'action':'publish','topic':'cmd/note','data':{'name':'n','type':'text','data':''}}"));
        test.advance(Duration.ofSeconds(5));

        assertThat(client.ask(topics("")))
                .isEqualTo(json("{'action':'ack','id':4,'topics':["
                        + "{'name':'battery','type':'float','kind':'state','rights':['subscribe'],'retained':true,"
                        + "'oldest':50,'rate':10.0},"
                        + "{'name':'cmd/note','type':'text','kind':'state','rights':['subscribe','publish'],"
                        + "'retained':true,'oldest':1,'rate':0.2},"
                        + "{'name':'cmd/vel','type':'Twist','kind':'command','rights':['subscribe','publish'],"
                        + "'retained':false,'rate':0.0,'schema':{'type':'object','properties':{"
                        + "'x':{'type':'number'},'label':{'type':['string','null']}},'required':['x']}},"
                        + "{'name':'idle','type':'float','kind':'state','rights':['subscribe'],'retained':false,"
                        + "'rate':0.0,'schema':{'type':'number','minimum':0}}],'complete':true}"));
    }

    @Test
    void theOldestMessageThatIsInMemoryIsTold() throws Exception {
        start(settings -> settings.topic(Topic.state("pose", "float", Double.class), topic -> topic.history(3)));
        for (int i = 0; i < 5; i++) {
            robotPublishes("pose", "1");
        }

        assertThat(connect().ask(topics(",'topic':'pose'"))).contains(json("'retained':true,'oldest':3,"));
    }

    @Test
    void whoMayReadStatsIsToldWhatIsCountedOfEachTopic() throws Exception {
        startFor(Permissions.all().subscribe("$stats"));
        ContractClient client = subscriber("pose");
        test.broker().publish("pose", Payload.of("n", "t", "1"));
        test.clock.advance(Duration.ofMillis(2));
        client.frame();

        assertThat(client.ask(topics(",'topic':'pose'")))
                .contains(json("'stats':{'messages':1,'queued':0,'dropped':0,"
                        + "'sent_age':{'samples':1,'p50':2000,'p99':2000,'max':2000}}"));
        assertThat(client.ask(topics(",'topic':'$stats'"))).contains(json("'queued':0,'dropped':0}"));
    }

    @Test
    void othersAreNotToldWhatIsCounted() throws Exception {
        startFor(Permissions.all());
        robotPublishes("pose", "1");

        assertThat(connect().ask(topics(""))).doesNotContain("\"stats\"", "queued");
    }

    @Test
    void whoMayOnlyPublishSeesNothing() throws Exception {
        startFor(Permissions.none().publish("#"));
        robotPublishes("pose", "1");

        assertThat(connect().ask(topics(""))).isEqualTo(json("{'action':'ack','id':4,'topics':[],'complete':true}"));
    }

    @Test
    void aClientSeesWhatItMaySubscribeToAndNothingElse() throws Exception {
        startFor(Permissions.none().subscribe("pose", "joints/+", "$stats"));
        for (String topic : List.of("pose", "pose/x", "joints", "joints/left", "joints/left/angle", "secret")) {
            robotPublishes(topic, "1");
        }
        ContractClient client = connect();

        assertThat(names(client.ask(topics("")))).containsExactly("$stats", "joints/left", "pose");
        assertThat(names(client.ask(topics(",'topic':'secret'")))).isEmpty();
        assertThat(names(client.ask(topics(",'topic':'server_logs'")))).isEmpty();
        assertThat(names(client.ask(topics(",'topic':'$clients'")))).isEmpty();
    }

    @Test
    void aTopicThatNobodyHasPublishedOnIsNotThere() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        assertThat(names(client.ask(topics(",'topic':'#'")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"joints/#, 3", "joints/+, 1", "joints/left, 1", "pose, 1", "#, 4", "arm, 0", "server_logs, 1"})
    void aFilterNarrowsItAndComesBack(String filter, int count) throws Exception {
        start();
        for (String topic : List.of("pose", "joints", "joints/left", "joints/left/angle")) {
            robotPublishes(topic, "1");
        }
        String reply = connect().ask(topics(",'topic':'" + filter + "'"));

        assertThat(reply).startsWith(json("{'action':'ack','id':4,'topic':'" + filter + "','topics':["));
        assertThat(names(reply)).hasSize(count);
    }

    @Test
    void aPageEndsAtItsLimitAndTheNextBeginsAfterIt() throws Exception {
        start();
        for (String topic : List.of("c", "a", "b/x", "b")) {
            robotPublishes(topic, "1");
        }
        ContractClient client = connect();

        String first = client.ask(topics(",'topic':'#','limit':3"));
        assertThat(names(first)).containsExactly("a", "b", "b/x");
        assertThat(first).endsWith(json("],'complete':false}"));
        String second = client.ask(topics(",'topic':'#','limit':3,'after':'b/x'"));
        assertThat(names(second)).containsExactly("c");
        assertThat(second).endsWith(json("],'complete':true}"));
    }

    @Test
    void aPageThatEndsWithTheLastTopicIsComplete() throws Exception {
        start();
        robotPublishes("a", "1");
        robotPublishes("b", "1");

        assertThat(connect().ask(topics(",'topic':'#','limit':2"))).endsWith(json("],'complete':true}"));
    }

    @ParameterizedTest
    @CsvSource({"a, 1", "b, 0", "c, 0"})
    void afterANameThatIsTheFiltersOwnNothingFollows(String after, int count) throws Exception {
        start();
        robotPublishes("b", "1");

        assertThat(names(connect().ask(topics(",'topic':'b','after':'" + after + "'"))))
                .hasSize(count);
    }

    @Test
    void pagesAreShortAndTogetherHaveEachTopicOnce() throws Exception {
        start();
        robotPublishesOnMany();
        ContractClient client = connect();

        List<String> all = new ArrayList<>();
        int pages = 1;
        String reply = client.ask(topics(",'topic':'many/#'"));
        while (reply.endsWith(json("'complete':false}"))) {
            assertThat(reply.length()).isBetween(30_000, 33_000);
            pages++;
            all.addAll(names(reply));
            reply = client.ask(topics(",'topic':'many/#','after':'" + all.get(all.size() - 1) + "'"));
        }
        all.addAll(names(reply));

        assertThat(all).hasSize(NAMES).isSorted().doesNotHaveDuplicates();
        assertThat(pages).isGreaterThan(2);
    }

    @Test
    void aLargeSchemaMakesAPageOfFewTopics() throws Exception {
        String large = "{\"title\":\"" + "x".repeat(16 * 1024 - 12) + "\"}";
        start(settings -> List.of("a", "b", "c")
                .forEach(name ->
                        settings.topic(Topic.state(name, "float", Double.class).withSchema(large))));
        ContractClient client = connect();

        assertThat(names(client.ask(topics(",'topic':'#'")))).containsExactly("a");
        assertThat(client.ask(topics(",'topic':'#','after':'b'")))
                .contains(json("'schema':") + large)
                .endsWith(json("'complete':true}"));
    }

    @Test
    void aClientThatDoesNotReadHasFewPagesWaiting() throws Exception {
        start(settings -> settings.limits(limits -> limits.requestRate(RequestRate.perSecond(5_000))));
        robotPublishesOnMany();
        ContractClient slow = connect();
        slow.stopReading();
        for (int i = 0; i < 40; i++) {
            slow.send(topics(",'topic':'many/#'"));
        }
        slow.send(message("pose", "1"));
        test.settle();

        // Its requests wait, so the last one is not done.
        assertThat(names(connect().ask(topics(",'topic':'pose'")))).isEmpty();
        slow.resumeReading();
        assertThat(slow.frames(40)).allSatisfy(reply -> assertThat(names(reply)).isNotEmpty());
        assertThat(names(connect().ask(topics(",'topic':'pose'")))).containsExactly("pose");
    }

    @Test
    void whatIsLookedAtCountsInTheRate() throws Exception {
        start(settings -> settings.limits(limits -> limits.requestRate(RequestRate.perSecond(200))));
        robotPublishesOnMany();
        ContractClient client = connect();
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask(topics(",'topic':'many/+/y'"))).contains("\"ack\"");
        }

        for (int i = 0; i < 9; i++) {
            client.send(topics(",'topic':'many/+/y'"));
        }
        assertThat(client.frames(9)).last().asString().contains("\"rate_limited\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {",'limit':0", ",'limit':1001", ",'limit':1.5", ",'limit':'3'", ",'after':7", ",'topic':null"})
    void aMemberOfTheWrongFormIsRefused(String member) throws Exception {
        start();

        assertError(connect().ask(topics(member)), "'id':4,'request':'topics',", "bad_request", 400);
    }

    @Test
    void aFilterThatIsNoneIsRefused() throws Exception {
        start();

        assertError(connect().ask(topics(",'topic':'a/#/b'")), "'id':4,'request':'topics',", "bad_topic", 400);
        assertError(
                connect().ask(topics(",'after':'" + "x".repeat(201) + "'")),
                "'id':4,'request':'topics',",
                "bad_request",
                400);
    }

    @Test
    void withoutAnIdThereIsNothingToAnswer() throws Exception {
        start();

        assertError(connect().ask(json("{'action':'topics'}")), "'request':'topics',", "bad_request", 400);
    }

    @Test
    void aFlatClientIsAnsweredAlike() throws Exception {
        start();

        assertThat(test.connect("frame=flat").ask(topics(",'topic':'pose'")))
                .isEqualTo(json("{'action':'ack','id':4,'topic':'pose','topics':[],'complete':true}"));
    }

    @ParameterizedTest
    @CsvSource({"200, true", "201, false", "300000, false"})
    void aTypeThatIsVeryLongIsLeftOut(int length, boolean shown) throws Exception {
        start();
        test.broker().publish("long", Payload.of("n", "t".repeat(length), "1"));
        test.settle();

        String reply = connect().ask(topics(",'topic':'long'"));

        assertThat(reply.contains(json("'type':'" + "t".repeat(length) + "'"))).isEqualTo(shown);
        assertThat(reply.contains(json("{'name':'long','kind':'state',"))).isEqualTo(!shown);
    }
}
