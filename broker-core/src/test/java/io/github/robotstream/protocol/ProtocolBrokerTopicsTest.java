package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The topics {@code $clients} and {@code $stats}: what the broker tells of itself, to those who may know and ask. */
class ProtocolBrokerTopicsTest extends ProtocolContract {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Permissions READS_ALL = Permissions.all().subscribe("$clients", "$stats");

    private void startReadable() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(READS_ALL));
    }

    /** The value of each frame of a topic. */
    private static List<String> values(String topic, List<String> frames) {
        String type = topic.substring(1);
        String begin = json("{'action':'publish','topic':'" + topic + "','data':{'name':'" + topic + "','type':'" + type
                + "','data':");
        return frames.stream()
                .map(frame -> {
                    assertThat(frame).startsWith(begin).endsWith("}}");
                    return frame.substring(begin.length(), frame.length() - 2);
                })
                .toList();
    }

    private static String value(String topic, String frame) {
        return values(topic, List.of(frame)).get(0);
    }

    private static List<String> sessions(String clients) {
        List<String> sessions = new ArrayList<>();
        Matcher session = Pattern.compile("\"session\":\"([^\"]+)\"").matcher(clients);
        while (session.find()) {
            sessions.add(session.group(1));
        }
        return sessions;
    }

    @Test
    void statsTellWhatHasHappenedSinceTheStart() throws Exception {
        startReadable();
        ContractClient pose = subscriber("pose");
        robotPublishes("pose", "1");
        pose.frames();
        test.advance(Duration.ofMillis(1_500));

        ContractClient client = connect().send(subscribe("$stats"));

        assertThat(value("$stats", client.frame()))
                .matches(json(
                        "\\{'ts':1795498201623000,'mono':1500000,'sessions':2,'topics':4,'published':\\d+,'refused':0,"
                                + "'offered':1,'delivered':1,'skipped':0,'queued':0,'failures':0,'not_stored':0,'not_logged':\\d+,"
                                + "'dropped':\\{'queue_full':0,'superseded':0,'all_queues_full':0,'publish_queue_full':0,"
                                + "'too_old':0,'too_large':0,'ended':0\\}\\}"));
    }

    @Test
    void statsComeOnceASecond() throws Exception {
        startReadable();
        ContractClient client = connect().send(subscribe("$stats"));
        client.frame();

        test.advance(Duration.ofMillis(999));
        client.hearsNothing();
        for (int second = 1; second <= 3; second++) {
            test.advance(Duration.ofMillis(second == 1 ? 1 : 1_000));
            assertThat(value("$stats", client.frame())).contains(json("'mono':" + second + "000000,"));
        }
    }

    @Test
    void clientsTellWhoIsConnectedAndToWhat() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(
                request -> ClientPrincipal.of("owner of " + request.token().orElseThrow(), READS_ALL)));
        ContractClient pose = test.connect("token=1").send(subscribe("pose")).send(subscribe("joints/#"));
        robotPublishes("pose", "1");
        robotPublishes("joints/left", "1");
        pose.frames();

        ContractClient client = test.connect("token=2").send(subscribe("$clients"));

        String address = "'address':'127\\.0\\.0\\.1:\\d+','since':1795498200123000,";
        assertThat(value("$clients", client.frame()))
                .matches(json("\\{'clients':\\["
                        + "\\{'session':'c-1','subject':'owner of 1'," + address
                        + "'subscriptions':2,'topics':\\['joints/#','pose'\\],"
                        + "'queued':0,'queued_bytes':0,'delivered':2,'lost':0\\},"
                        + "\\{'session':'c-2','subject':'owner of 2'," + address
                        + "'subscriptions':1,'topics':\\['\\$clients'\\],"
                        + "'queued':0,'queued_bytes':0,'delivered':0,'lost':0\\}"
                        + "\\],'more':0\\}"));
    }

    @Test
    void ofManySubscriptionsSomeAreNamed() throws Exception {
        startReadable();
        ContractClient client = connect();
        IntStream.range(0, 20).forEach(i -> client.send(subscribe("t/" + i)));
        client.send(subscribe("$clients"));

        String clients = value("$clients", client.frame());
        assertThat(clients).contains(json("'subscriptions':21,'topics':["));
        assertThat(clients.replaceAll(".*\"topics\":\\[([^\\]]*)\\].*", "$1").split(","))
                .hasSize(8);
    }

    @Test
    void clientsComeInTheOrderInWhichTheyGotIn() throws Exception {
        startReadable();
        ContractClient first = connect();
        for (int i = 0; i < 11; i++) {
            connect();
        }
        first.send(subscribe("$clients"));

        assertThat(sessions(value("$clients", first.frame())))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 12).mapToObj(i -> "c-" + i).toList());
    }

    @Test
    void clientsComeAgainWhenSomebodyComesGoesOrSubscribesAtMostOnceASecond() throws Exception {
        startReadable();
        ContractClient client = connect().send(subscribe("$clients"));
        assertThat(sessions(value("$clients", client.frame()))).containsExactly("c-1");

        ContractClient other = connect();
        other.send(subscribe("pose"));
        client.hearsNothing();
        test.advance(SECOND);
        assertThat(value("$clients", client.frame())).contains("c-2", "pose");

        other.send(unsubscribe("pose"));
        test.advance(SECOND);
        assertThat(value("$clients", client.frame())).contains("c-2").doesNotContain("pose");

        other.leave(1000, "");
        // A client may see its end before the broker thread does.
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
        test.advance(SECOND);
        assertThat(value("$clients", client.frame())).doesNotContain("c-2");
    }

    @Test
    void clientsComeEveryTenSecondsWhileNothingButNumbersChanges() throws Exception {
        startReadable();
        ContractClient pose = subscriber("pose");
        ContractClient client = connect().send(subscribe("$clients"));
        client.frame();
        robotPublishes("pose", "1");
        pose.frames();

        for (int second = 1; second < 10; second++) {
            test.advance(SECOND);
            client.hearsNothing();
        }
        test.advance(SECOND);

        assertThat(value("$clients", client.frame())).contains(json("'delivered':1,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$stats", "$clients"})
    void whoComesLaterHasTheLastValueAtOnce(String topic) throws Exception {
        startReadable();
        ContractClient first = connect().send(subscribe(topic));
        String value = first.frame();

        ContractClient second = connect();
        assertThat(second.send(with("'id':1", subscribe(topic))).frames(2))
                .last()
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$stats", "$clients"})
    void withoutSubscribersNothingIsMadeAndNothingKept(String topic) throws Exception {
        startReadable();
        ContractClient client = connect().send(subscribe(topic));
        client.frame();
        client.ask(with("'id':1", unsubscribe(topic)));
        test.advance(SECOND);
        long published = test.broker().stats().published();

        test.advance(Duration.ofSeconds(30));

        assertThat(test.broker().stats().published()).isEqualTo(published);
        assertThat(client.ask(json("{'action':'topics','id':2,'topic':'" + topic + "'}")))
                .contains(json("'retained':false,"));
        List<String> frames = client.send(with("'id':3", subscribe(topic))).frames(2);
        assertThat(frames.get(0)).contains("\"ack\"");
        assertThat(values(topic, frames.subList(1, 2))).isNotEmpty();
    }

    @Test
    void theAckComesBeforeTheFirstValue() throws Exception {
        startReadable();

        List<String> frames =
                connect().send(with("'id':1", subscribe("$stats"))).frames(2);

        assertThat(frames.get(0))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'$stats','known':true,'options':{'retained':true}}"));
    }

    @ParameterizedTest
    @CsvSource({"$stats, #", "$clients, #", "$stats, +", "$clients, $stats", "$stats, $clients/#", "$stats/#, $stats"})
    void whoHasNoRightThatNamesThemIsForbidden(String topic, String right) throws Exception {
        startGuarded(settings ->
                settings.anonymousAccess(Permissions.none().subscribe(right).publish("#")));
        ContractClient client = connect();

        assertError(
                client.ask(with("'id':1", subscribe(topic))),
                "'id':1,'request':'subscribe','topic':'" + topic + "',",
                "forbidden",
                403);
        test.advance(Duration.ofSeconds(5));
        client.hearsNothing();
    }

    @Test
    void permissionsForEverythingOfTheApplicationDoNotHaveThem() throws Exception {
        start();

        assertThat(connect().ask(with("'id':1", subscribe("$clients")))).contains("\"forbidden\"");
        assertThat(connect().ask(with("'id':1", subscribe("$stats")))).contains("\"forbidden\"");
    }

    @Test
    void wildcardsDoNotMatchThem() throws Exception {
        startReadable();
        ContractClient wild = connect().send(subscribe("#")).send(subscribe("+"));
        connect().send(subscribe("$stats")).send(subscribe("$clients")).frames(2);

        test.advance(Duration.ofSeconds(5));

        wild.hearsNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$stats", "$clients"})
    void nobodyPublishesThere(String topic) throws Exception {
        startGuarded(settings -> settings.anonymousAccess(READS_ALL.publish(topic)));

        assertError(
                connect().ask(message(topic, "1")), "'request':'publish','topic':'" + topic + "',", "forbidden", 403);
    }

    @Test
    void aNewerTokenThatDoesNotAllowThemEndsThem() throws Exception {
        TokenTable tokens = new TokenTable()
                .with("operator", ClientPrincipal.of("o", READS_ALL))
                .with("guest", ClientPrincipal.of("o", Permissions.all()));
        startGuarded(settings -> settings.tokenVerifier(tokens));
        ContractClient client = test.connect("token=operator").send(subscribe("$clients"));
        client.frame();

        assertThat(client.send(json("{'action':'auth','id':1,'token':'guest'}")).frames(2))
                .first()
                .isEqualTo(json("{'action':'unsubscribed','topic':'$clients','code':'forbidden'}"));
        test.advance(Duration.ofSeconds(30));
        client.hearsNothing();
    }

    @Test
    void aFlatClientGetsThemFlat() throws Exception {
        startReadable();

        assertThat(test.connect("frame=flat").send(subscribe("$stats")).frame())
                .startsWith(json("{'name':'$stats','type':'stats','data':{'ts':"));
    }

    @Test
    void robotCodeThatListensHearsThemToo() throws Exception {
        startReadable();
        List<String> heard = new CopyOnWriteArrayList<>();
        test.broker()
                .subscribe(
                        TopicFilter.of("$stats"),
                        message -> heard.add(message.payload().json()));

        test.awaitThat(() -> assertThat(heard).singleElement().asString().contains("\"mono\":0,"));
    }
}
