package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.Payload;
import io.github.robotstream.Subscription;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages that wait for a listener, by its settings. */
class ListenerOptionsTest extends ListenerFixture {
    private static final Topic<String> GO = Topic.command("arm/go", "text", String.class);
    private static final Duration MORE_THAN_TWO_SECONDS = Duration.ofMillis(2_001);

    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** A listener to {@code arm/#} that stands still once it has heard {@code arm/first}. */
    private Subscription standStill(Consumer<SubscriptionSettings> settings) throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        Subscription subscription = broker.subscribe(
                TopicFilter.of("arm/#"),
                message -> {
                    heard.add(message.topic().substring(4) + " "
                            + message.payload().json());
                    entered.countDown();
                    awaitRelease();
                },
                settings);
        say("first", 0);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        heard.clear();
        return subscription;
    }

    private void say(String name, int value) {
        broker.publish("arm/" + name, Payload.of(name, "int", String.valueOf(value)));
        stepped.settle();
    }

    private void goOn() {
        release.countDown();
        stepped.await("all that waited", () -> broker.stats().queued() == 0);
    }

    private long lost(String cause) {
        return broker.stats().droppedByCause().get(cause);
    }

    @Test
    void ofEachTopicTheNewestWaitsInThePlaceOfTheOneBefore() throws InterruptedException {
        Subscription subscription = standStill(SubscriptionSettings::latest);
        say("angle", 1);
        say("load", 2);
        say("angle", 3);
        say("angle", 4);
        goOn();
        assertThat(heard).containsExactly("angle 4", "load 2");
        assertThat(broker.stats().skipped()).isEqualTo(2);
        assertThat(subscription.skipped()).isEqualTo(2);
        assertThat(subscription.dropped()).isZero();
    }

    @Test
    void whoLeavesTheNewestThereForTwoSecondsLosesAndIsTold() throws InterruptedException {
        losesAValueThatIsReplacedAfterTwoSeconds(SubscriptionSettings::latest);
        goOn();
        assertThat(heard).containsExactly("angle 2");
        assertThat(broker.stats().skipped()).isZero();
    }

    private void losesAValueThatIsReplacedAfterTwoSeconds(Consumer<SubscriptionSettings> settings)
            throws InterruptedException {
        Subscription subscription = standStill(settings);
        say("angle", 1);
        stepped.clock.advance(MORE_THAN_TWO_SECONDS);
        say("angle", 2);
        assertThat(subscription.dropped()).isEqualTo(1);
        assertThat(subscription.skipped()).isZero();
        assertThat(stepped.logged("messages_dropped")).hasSize(1);
    }

    /** Of 200 messages a second; but for the first, the rates are no divisors of that. */
    @ParameterizedTest
    @ValueSource(ints = {20, 30, 60, 150})
    void aRateIsKeptOverASecondAndEndsOnTheNewestValue(int rate) {
        List<Long> values = new CopyOnWriteArrayList<>();
        Subscription subscription = broker.subscribe(COUNT, values::add, settings -> settings.rateHz(rate));
        for (long i = 1; i <= 200; i++) {
            publish(i);
            for (int part = 0; part < 10; part++) {
                advance(Duration.ofNanos(500_000));
            }
        }
        assertThat(values).hasSizeBetween(rate - rate / 20, rate + rate / 20);
        advance(Duration.ofMillis(50));
        assertThat(values).isSorted().endsWith(200L);
        assertThat(subscription.skipped()).isEqualTo(200 - values.size());
        assertThat(broker.stats().skipped()).isEqualTo(200 - values.size());
        assertThat(broker.stats().dropped()).isZero();
    }

    @Test
    void eachTopicOfAFilterHasTheRateForItself() throws InterruptedException {
        release.countDown();
        standStill(settings -> settings.rateHz(1));
        say("angle", 1);
        advance(Duration.ZERO);
        say("load", 2);
        say("angle", 3);
        advance(Duration.ZERO);
        assertThat(heard).containsExactly("angle 1", "load 2");
        advance(Duration.ofSeconds(1));
        assertThat(heard).endsWith("angle 3").hasSize(3);
    }

    @Test
    void aListenerThatStoodStillHearsTheNewestOfEachTopicAndThenNoneBeforeItsTime() throws InterruptedException {
        Subscription subscription = standStill(settings -> settings.rateHz(10).keepAll());
        for (int i = 1; i <= 300; i++) {
            say("angle", i);
            say("load", i);
            stepped.clock.advance(Duration.ofMillis(10));
        }
        goOn();
        assertThat(heard).containsExactly("angle 300", "load 300");
        assertThat(subscription.skipped()).isEqualTo(598);
        say("angle", 301);
        advance(Duration.ofMillis(89));
        assertThat(heard)
                .as("a tenth of the interval is made up for, as the call was late")
                .hasSize(2);
        advance(Duration.ofMillis(1));
        assertThat(heard).endsWith("angle 301").hasSize(3);
    }

    @Test
    void whoCouldHaveHeardWithARateForTwoSecondsLosesAndIsTold() throws InterruptedException {
        losesAValueThatIsReplacedAfterTwoSeconds(settings -> settings.rateHz(1));
    }

    @Test
    void whatIsHeldBackIsLostWithItsSubscription() {
        Subscription subscription = broker.subscribe(COUNT, value -> {}, settings -> settings.rateHz(0.01));
        publish(1);
        advance(Duration.ZERO);
        publish(2, 3);
        assertThat(broker.stats().queued()).isEqualTo(1);
        subscription.close();
        assertThat(broker.stats().queued()).isZero();
        assertThat(lost("ended")).isEqualTo(1);
        stepped.clock.advance(Duration.ofMinutes(2));
        stepped.settle();
        assertThat(broker.stats().delivered()).isEqualTo(1);
    }

    @Test
    void dataThatIsTooOldIsDroppedAndToldAndNeverHeardLate() throws InterruptedException {
        Subscription subscription = standStill(settings -> settings.maxAge(Duration.ofMillis(200)));
        say("angle", 1);
        say("load", 2);
        stepped.clock.advance(Duration.ofMillis(201));
        say("angle", 3);
        goOn();
        assertThat(heard).containsExactly("angle 3");
        assertThat(lost("too_old")).isEqualTo(2);
        assertThat(subscription.dropped()).isEqualTo(2);
        stepped.await("the log", () -> stepped.logged("messages_dropped").size() == 1);
        LogEntry told = stepped.logged("messages_dropped").get(0);
        assertThat(told.topic()).contains("arm/#");
        assertThat(told.attributes()).containsEntry("cause", "too_old");
    }

    @Test
    void aLastValueIsNeverTooOld() {
        publish(1);
        stepped.clock.advance(Duration.ofMinutes(1));
        List<Long> values = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, values::add, settings -> settings.retained().maxAge(Duration.ofMillis(1)));
        stepped.await("it", () -> values.size() == 1);
    }

    @Test
    void aValueThatANewerOneHasFollowedIsDroppedAfterTwoSecondsAndTheNewestIsNot() throws InterruptedException {
        broker.subscribe(GO, text -> {}).close();
        standStill(settings -> {});
        for (int i = 1; i <= 300; i++) {
            say("angle", i);
        }
        say("load", 301);
        broker.publish(GO, "first");
        broker.publish(GO, "second");
        stepped.settle();
        stepped.clock.advance(MORE_THAN_TWO_SECONDS);
        goOn();
        assertThat(heard).containsExactly("angle 300", "load 301", "go \"first\"", "go \"second\"");
        assertThat(lost("too_old")).isEqualTo(299);
    }

    @Test
    void soItIsWithOneTopic() throws InterruptedException {
        Stuck stuck = new Stuck();
        broker.subscribe(COUNT, stuck);
        publish(1);
        stuck.awaitEntered();
        publish(2, 3, 4);
        stepped.clock.advance(MORE_THAN_TWO_SECONDS);
        publish(5);
        goOn();
        assertThat(stuck.heard).containsExactly(1L, 5L);
    }

    @Test
    void notWhereTheListenerWantsThemAll() throws InterruptedException {
        standStill(SubscriptionSettings::keepAll);
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            say("angle", i);
            all.add("angle " + i);
        }
        stepped.clock.advance(Duration.ofMinutes(1));
        goOn();
        assertThat(heard).isEqualTo(all);
        assertThat(broker.stats().dropped()).isZero();
    }

    @Test
    void entriesOfTheLogAreKeptHoweverOld() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        List<String> entries = new CopyOnWriteArrayList<>();
        broker.subscribe(TopicFilter.of("server_logs"), message -> {
            entered.countDown();
            awaitRelease();
            entries.add(message.payload().json());
        });
        for (int i = 0; i < 5; i++) {
            broker.log(LogEntry.of(LogEntry.Level.INFO, "event_" + i, "something"));
        }
        stepped.settle();
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        stepped.clock.advance(MORE_THAN_TWO_SECONDS);
        goOn();
        assertThat(entries).anyMatch(text -> text.contains("event_1")).anyMatch(text -> text.contains("event_2"));
    }

    @Test
    void anInputRefusesWhatIsForListenersAndSaysWhatToUse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> broker.input(COUNT, SubscriptionSettings::latest))
                .withMessage("latest() is for listeners, and this is an input: latestOr(...) gives the newest value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> broker.input(COUNT, settings -> settings.rateHz(10)))
                .withMessageContaining("rateHz(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> broker.input(COUNT, settings -> settings.maxAge(Duration.ofSeconds(1))))
                .withMessageContaining("latestOr(...) takes an age");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.009, 10_000.1, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aRateOutOfRangeIsRefused(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> broker.subscribe(COUNT, value -> {}, settings -> settings.rateHz(rate)))
                .withMessage("rateHz is " + rate + ": it has to be 0.01 to 10000.0 a second");
    }
}
