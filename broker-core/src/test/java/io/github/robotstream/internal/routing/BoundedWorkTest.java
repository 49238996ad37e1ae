package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks for is done in steps of bounded work, and finds the same. */
class BoundedWorkTest {
    private static final int TOPICS = 5_000;

    private final RouterFixture fixture = new RouterFixture(TOPICS + 10, 1 << 26);

    private void publishToMany() {
        for (int i = 0; i < TOPICS; i++) {
            fixture.publish("deep/" + i + "/a", i);
        }
    }

    @Test
    void aSearchThroughAllTopicsTakesMoreThanAStep() {
        publishToMany();
        TopicSearch search = fixture.router.search(TopicFilter.of("deep/+/b"));
        Work work = new Work();
        int steps = 1;
        while (!search.goOn(work)) {
            steps++;
            work.renew();
        }
        assertThat(search.found()).isFalse();
        assertThat(steps).isGreaterThanOrEqualTo(TOPICS / Work.LOOKS_A_STEP);
        assertThat(work.takeSteps()).as("what is charged").isGreaterThanOrEqualTo(TOPICS / Work.LOOKS_A_STEP);
        assertThat(work.takeSteps()).as("once").isZero();
    }

    @Test
    void aListOfAllTopicsIsReadInSteps() {
        publishToMany();
        TopicListing listing = fixture.router.list(Optional.empty(), "");
        List<String> read = new ArrayList<>();
        Work work = new Work();
        int steps = 1;
        while (!listing.goOn(work, 2, topic -> read.add(topic.name()))) {
            steps++;
            work.renew();
        }
        assertThat(read).hasSize(TOPICS).isSortedAccordingTo(TopicOrder.INSTANCE);
        assertThat(steps).isGreaterThanOrEqualTo(2 * TOPICS / Work.LOOKS_A_STEP);
    }

    @Test
    void aRateIsThatOfTheLastRoundsOfLooks() {
        fixture.publish("deep/1/a", 1);
        TopicState topic = fixture.topic("deep/1/a");
        fixture.clock.advance(Duration.ofSeconds(10));
        fixture.sweep(Duration.ofMinutes(10));
        fixture.clock.advance(Duration.ofSeconds(10));
        fixture.sweep(Duration.ofMinutes(10));
        for (int i = 0; i < 40; i++) {
            fixture.publish("deep/1/a", i);
        }
        fixture.clock.advance(Duration.ofSeconds(6));

        assertThat(fixture.router.rate(topic)).isEqualTo(40 / 16.0);
        fixture.router.clear(topic, "e2");
        assertThat(fixture.router.rate(topic)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deep/77/a",
                "deep/77/+",
                "deep/77/#",
                "other/#",
                "deep/+/a",
                "#",
                "nothing/+/at/+",
                "deep/77/a/#"
            })
    void whatAFilterNamesIsFoundWithFewLooks(String filter) {
        publishToMany();
        Work work = new Work();
        assertThat(fixture.router.search(TopicFilter.of(filter)).goOn(work)).isTrue();
    }

    @Test
    void topicsAreLookedAfterInSteps() {
        publishToMany();
        int steps = 1;
        while (fixture.router.sweepTopics(Duration.ofMinutes(10))) {
            steps++;
        }
        assertThat(steps).isGreaterThanOrEqualTo(TOPICS / Work.LOOKS_A_STEP);
        fixture.clock.advance(Duration.ofMinutes(11));
        fixture.router.sweepTopics(Duration.ofMinutes(10));
        assertThat(fixture.topics.all()).as("one step").hasSize(TOPICS - Work.LOOKS_A_STEP);
    }

    @Test
    void theEndOfASubscriptionLooksForHeirsInSteps() {
        RouterFixture.Client client = fixture.new Client(1024);
        RemoteSubscriber former = client.subscribe("deep/#");
        for (int i = 0; i < 200; i++) {
            client.subscribe("other/" + i);
        }
        client.subscribe("deep/+/b");
        RemoteSubscriber heir = client.subscribe("deep/+/a");
        client.subscribe("deep/+/+");
        for (int i = 0; i < 500; i++) {
            fixture.publish("deep/" + i + "/" + (i % 2 == 0 ? "a" : "c/d"), i);
        }
        SubscriptionEnd end = fixture.router.end(former);
        Work work = new Work();
        int steps = 1;
        List<String> received = new ArrayList<>();
        while (!end.goOn(work)) {
            work.renew();
            steps++;
            if (steps % 50 == 0) {
                received.add(client.receiveOne());
                fixture.publish("deep/" + steps + "/a", -steps);
            }
        }
        assertThat(steps).isGreaterThan(100);
        assertThat(heir.queued()).isPositive();
        received.addAll(client.receive());
        assertThat(received)
                .doesNotHaveDuplicates()
                .filteredOn(text -> text.contains("/a"))
                .hasSizeGreaterThan(250);
        assertThat(end.lost()).isGreaterThan(200);
        assertThat(fixture.counters.queued()).isZero();
        assertThat(client.queue.bytes()).isZero();
    }

    @Test
    void ofManyFiltersThatWaitForLastValuesOneStepServesNoMoreThanOfOne() {
        publishToMany();
        RouterFixture.Client client = fixture.new Client(1024);
        for (int i = 0; i < 100; i++) {
            client.subscribeRetained("deep/+/none" + i);
        }
        client.queue.work().takeSteps();
        for (int i = 0; i < 10; i++) {
            client.queue.replayMore(fixture.topics);
        }
        assertThat(client.queue.work().takeSteps()).isBetween(9, 10);
    }

    @Test
    void oneStepReplaysFewerLastValuesWhereEachIsComparedWithManySubscriptions() {
        publishToMany();
        RouterFixture.Client client = fixture.new Client(1024);
        for (int i = 0; i < 320; i++) {
            client.subscribe("none/" + i);
        }
        client.queue.work().renew();
        client.subscribeRetained("deep/#");
        assertThat(client.queue.messages()).isBetween(1, Work.LOOKS_A_STEP / 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aScanFindsTheTopicsThatItsFilterMatches(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            fixture.topic(name(random, "a", "b", "", "$a", "server_logs", "a!"));
        }
        for (int i = 0; i < 300; i++) {
            TopicFilter filter = filter(random);
            Set<String> expected = fixture.topics.all().stream()
                    .map(TopicState::name)
                    .filter(filter::matches)
                    .collect(Collectors.toSet());
            Set<String> found = new TreeSet<>();
            TopicScan scan = new TopicScan(filter);
            while (!scan.hasEnded()) {
                boolean isNew = random.nextInt(10) == 0;
                TopicState topic = scan.look(fixture.topics);
                if (topic != null) {
                    assertThat(scan.isToCome(topic.name())).isFalse();
                    assertThat(found.add(topic.name()))
                            .as("%s once for %s", topic.name(), filter)
                            .isTrue();
                }
                if (isNew) {
                    String name = name(random, "a", "b", "c");
                    boolean counts = fixture.topics.find(name) == null && filter.matches(name) && scan.isToCome(name);
                    fixture.topic(name);
                    if (counts && !filter.isExact()) {
                        expected.add(name);
                    }
                }
            }
            assertThat(found).as("%s", filter).containsAll(expected);
            assertThat(found).allMatch(filter::matches);
        }
    }

    private static String name(Random random, String... levels) {
        List<String> name = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            name.add(levels[random.nextInt(levels.length)]);
        }
        String text = String.join("/", name);
        return text.isEmpty() ? "a" : text;
    }

    private static TopicFilter filter(Random random) {
        String text = name(random, "a", "b", "", "+", "+", "$a", "server_logs", "c");
        return TopicFilter.of(random.nextInt(3) == 0 ? text + "/#" : random.nextInt(20) == 0 ? "#" : text);
    }
}
