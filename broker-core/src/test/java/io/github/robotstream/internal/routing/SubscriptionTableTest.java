package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTableTest {
    private final SubscriptionTable table = new SubscriptionTable();

    private RecordingSubscriber add(String filter) {
        return add(new RecordingSubscriber(filter));
    }

    private RecordingSubscriber add(RecordingSubscriber subscriber) {
        table.add(subscriber);
        return subscriber;
    }

    private List<String> filtersMatching(String topic) {
        return Arrays.stream(table.matching(topic))
                .map(s -> s.filter().toString())
                .toList();
    }

    @Test
    void wildcardsMatchAsMqttSays() {
        for (String filter : List.of("joints/#", "joints/+", "joints/+/angle", "+/left", "#", "+", "joints")) {
            add(filter);
        }
        assertThat(filtersMatching("joints")).containsExactlyInAnyOrder("joints", "joints/#", "#", "+");
        assertThat(filtersMatching("joints/left")).containsExactlyInAnyOrder("joints/#", "joints/+", "+/left", "#");
        assertThat(filtersMatching("joints/left/angle")).containsExactlyInAnyOrder("joints/#", "joints/+/angle", "#");
        assertThat(filtersMatching("joints/")).containsExactlyInAnyOrder("joints/#", "joints/+", "#");
    }

    @Test
    void reservedTopicsHaveToBeNamed() {
        for (String filter : List.of("#", "+", "+/#", "$x/#", "$x/+", "server_logs", "server_logs/#")) {
            add(filter);
        }
        assertThat(filtersMatching("server_logs")).containsExactly("server_logs", "server_logs/#");
        assertThat(filtersMatching("$x")).containsExactly("$x/#");
        assertThat(filtersMatching("$x/y")).containsExactly("$x/#", "$x/+");
    }

    @Test
    void anOwnersOverlappingSubscriptionsGetOneCopyAndItIsTheOneThatNamesTheTopic() {
        Object owner = new Object();
        add(new RecordingSubscriber("joints/#", owner));
        add(new RecordingSubscriber("joints/+", owner));
        add(new RecordingSubscriber("joints/left", owner));
        add("#");
        assertThat(filtersMatching("joints/left")).containsExactly("joints/left", "#");
        assertThat(filtersMatching("joints/right")).as("else the first").containsExactly("joints/#", "#");
    }

    @Test
    void subscriptionsAreServedInTheOrderTheyBeganThoseThatNameTheTopicFirst() {
        RecordingSubscriber wide = add("#");
        RecordingSubscriber first = add("pose");
        RecordingSubscriber second = add("pose");
        assertThat(table.matching("pose")).containsExactly(first, second, wide);
    }

    @Test
    void whatIsRemovedMatchesNoMore() {
        RecordingSubscriber one = add("joints/+");
        RecordingSubscriber other = add("joints/+");
        table.remove(one);
        assertThat(table.matching("joints/left")).containsExactly(other);
        table.remove(one);
        table.remove(new RecordingSubscriber("never/there"));
        assertThat(table.matching("joints/left")).containsExactly(other);
        table.remove(other);
        assertThat(table.matching("joints/left")).isEmpty();
        assertThat(table.anyFor("joints/left")).isFalse();
    }

    @Test
    void everyChangeIsSeenByItsVersion() {
        long before = table.version();
        RecordingSubscriber subscriber = add("pose");
        long between = table.version();
        table.remove(subscriber);
        assertThat(between).isNotEqualTo(before);
        assertThat(table.version()).isNotEqualTo(between);
    }

    @Test
    void nodesThatNobodyNeedsAreCutOff() {
        RecordingSubscriber kept = add("a/b");
        List<RecordingSubscriber> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            others.add(add("a/b/c" + i + "/d/+/#"));
            others.add(add("x" + i));
        }
        assertThat(table.nodes()).isEqualTo(201);
        others.forEach(table::remove);
        assertThat(table.nodes()).isEqualTo(1);
        assertThat(table.matching("a/b")).containsExactly(kept);
        table.remove(kept);
        assertThat(table.nodes()).isZero();
    }

    @Test
    void aSubscriptionHasTwoNodesAtTheMostWhateverBranchesThereWere() {
        String deep = "a/".repeat(31) + "a";
        RecordingSubscriber kept = add(deep);
        List<RecordingSubscriber> others = new ArrayList<>();
        for (int i = 1; i < 32; i++) {
            others.add(add("a/".repeat(i) + "b"));
        }
        assertThat(table.nodes()).isLessThanOrEqualTo(2 * 32);
        others.forEach(table::remove);
        assertThat(table.nodes()).isEqualTo(1);
        assertThat(table.matching(deep)).containsExactly(kept);
    }

    @Test
    void onlyAChangeThatConcernsATopicHasItLookedUpAgain() {
        add("pose");
        long then = table.version();
        assertThat(table.mayHaveChanged("pose", then)).isFalse();
        add("joints/+");
        assertThat(table.mayHaveChanged("pose", then)).isFalse();
        assertThat(table.mayHaveChanged("joints/left", then)).isTrue();
        for (int i = 0; i < 100; i++) {
            add("x");
        }
        assertThat(table.mayHaveChanged("pose", then)).as("nobody remembers").isTrue();
        assertThat(table.mayHaveChanged("pose", -1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void itMatchesAsTheFilterItselfSays(long seed) {
        Random random = new Random(seed);
        List<RecordingSubscriber> present = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            if (random.nextInt(3) == 0 && !present.isEmpty()) {
                table.remove(present.remove(random.nextInt(present.size())));
            } else {
                present.add(add(filter(random)));
            }
            String topic = topic(random);
            Set<Subscriber> expected =
                    present.stream().filter(s -> s.filter().matches(topic)).collect(Collectors.toSet());
            Subscriber[] matching = table.matching(topic);
            assertThat(Set.of(matching)).as(topic).isEqualTo(expected);
            assertThat(table.anyFor(topic)).as(topic).isEqualTo(!expected.isEmpty());
            assertThat(table.anyByName(topic))
                    .as(topic)
                    .isEqualTo(
                            present.stream().anyMatch(s -> s.filter().toString().equals(topic)));
            assertThat(table.nodes()).isLessThanOrEqualTo(2 * present.size());
        }
    }

    private static String topic(Random random) {
        String[] levels = new String[1 + random.nextInt(4)];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = List.of("a", "b", "", "$a", "server_logs").get(random.nextInt(5));
        }
        String name = String.join("/", levels);
        return name.isEmpty() ? "a" : name;
    }

    private static String filter(Random random) {
        String[] levels = topic(random).split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            if (random.nextInt(3) == 0) {
                levels[i] = "+";
            }
        }
        if (random.nextInt(4) == 0) {
            levels[levels.length - 1] = "#";
        }
        return String.join("/", levels);
    }

    @Test
    @Timeout(60)
    void anyThreadMayAskWhileTheTableChanges() throws InterruptedException {
        add("always/here");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            Thread thread = new Thread(() -> {
                while (!stop.get()) {
                    if (!table.anyFor("always/here")) {
                        wrong.set("one that is there was not found");
                    }
                    if (table.anyFor("never/here")) {
                        wrong.set("one that is not there was found");
                    }
                }
            });
            thread.setUncaughtExceptionHandler((t1, fault) -> wrong.set(fault.toString()));
            thread.start();
            threads.add(thread);
        }
        for (int i = 0; i < 20_000; i++) {
            RecordingSubscriber one = add("always/" + i % 7 + "/deep");
            RecordingSubscriber other = add("always/+/" + i % 5);
            table.remove(one);
            table.remove(other);
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong.get()).isNull();
    }
}
