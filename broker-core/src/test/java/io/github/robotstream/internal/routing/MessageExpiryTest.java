package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Priority;
import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.settings.FrameStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is too old to be sent, of messages that wait in one ring; by default what has waited for two seconds and was followed. */
class MessageExpiryTest {
    private static final long NOW = TimeUnit.HOURS.toNanos(1);
    private static final DeliveryOptions OF_AT_MOST_TWO_SECONDS = new DeliveryOptions(
            DeliveryOptions.Policy.QUEUE,
            4,
            OverflowPolicy.DROP_OLDEST,
            0,
            TimeUnit.SECONDS.toNanos(2),
            0,
            false,
            false,
            false);

    private final DeliveryQueue session = Queues.of(FrameStyle.ENVELOPE, 4, 1 << 20, new Counters());
    private final TopicState pose = Messages.state("pose");
    private final TopicState map = Messages.state("map");
    private final EntryRing ring = new EntryRing();
    private final List<String> expired = new ArrayList<>();
    private final MessageExpiry expiry =
            new MessageExpiry((share, message) -> expired.add(message.topic().name() + " " + Messages.value(message)));
    private int messages;

    private Share subscription(String filter) {
        return Queues.subscriber(filter, session).share(Priority.NORMAL);
    }

    private void waits(Share share, TopicState topic, long value, int ageMillis) {
        RoutedMessage message = Messages.message(topic, value, NOW - millis(ageMillis));
        message.ordinal(messages++);
        ring.append(message, share);
    }

    private static long millis(long value) {
        return TimeUnit.MILLISECONDS.toNanos(value);
    }

    private List<String> expiredAfter(int millis) {
        expiry.dropTooOld(ring, NOW + millis(millis));
        return expired;
    }

    @Test
    void aValueThatANewerOneHasFollowedExpiresAndTheNewestStays() {
        Share poses = subscription("pose");
        waits(poses, pose, 1, 2_500);
        waits(poses, pose, 2, 2_400);
        waits(poses, pose, 3, 2_300);
        assertThat(expiredAfter(0)).containsExactly("pose 1", "pose 2");
        assertThat(ring.isFirstFollowed(poses)).isFalse();
    }

    @Test
    void whatIsReadMuchTooLateMayStillWaitHalfOfItsTime() {
        Share poses = subscription("pose");
        waits(poses, pose, 1, 990);
        waits(poses, pose, 2, 0);
        expiry.readDelay(TimeUnit.HOURS.toNanos(1));
        assertThat(expiredAfter(10)).isEmpty();
        assertThat(expiredAfter(11)).containsExactly("pose 1");
    }

    @Test
    void whatTheClientSaidOfTheAgeIsOfTheMomentWhenItIsSentAndHoldsForTheNewestToo() {
        Share poses = subscription("pose");
        poses.subscriber.options(OF_AT_MOST_TWO_SECONDS, 4);
        waits(poses, pose, 1, 1_990);
        expiry.readDelay(millis(310));
        assertThat(expiredAfter(10)).isEmpty();
        assertThat(expiredAfter(11)).containsExactly("pose 1");
    }

    @Test
    void behindTheOnlyValueOfATopicOfAFilterOthersExpireThatAreSearchedForTwentyTimesASecond() {
        Share all = subscription("#");
        waits(all, map, 1, 9_000);
        waits(all, pose, 2, 3_000);
        waits(all, pose, 3, 1_999);
        waits(all, pose, 4, 1_000);
        assertThat(expiredAfter(0)).containsExactly("pose 2");
        assertThat(expiredAfter(49)).containsExactly("pose 2");
        assertThat(expiredAfter(50)).containsExactly("pose 2", "pose 3");
        assertThat(expiredAfter(9_000)).doesNotContain("map 1", "pose 4");
    }

    @Test
    void aReplyThatStandsFirstIsNeverTooOld() {
        Share poses = subscription("pose");
        ring.append("reply", null);
        waits(poses, pose, 1, 3_000);
        waits(poses, pose, 2, 0);
        assertThat(expiredAfter(0)).isEmpty();
    }
}
