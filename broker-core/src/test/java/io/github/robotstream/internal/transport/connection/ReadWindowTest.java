package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client has unread is bounded by its own pace, whatever buffers lie between; time is simulated. */
class ReadWindowTest {
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TARGET = 100 * MILLISECOND;
    private static final int STOPS_ABOVE =
            16; // messages that its application has not taken, as Python's websockets does
    private static final int GOES_ON_AT = 4;

    /**
     * A client behind a link: an application that takes so long for a message, and a library that reads ahead of it. The library stops when
     * it has read enough, but takes all that its socket holds when it reads, and answers all marks in that.
     */
    private static final class Client {
        private record Item(boolean mark, long number, long dueAt) {}

        private final ReadWindow window = new ReadWindow(TARGET, new MarkInterval(), 0);
        private LongUnaryOperator oneWay;
        private long latestArrival;
        private final ArrayDeque<Item> link = new ArrayDeque<>();
        private final ArrayDeque<Long> library = new ArrayDeque<>();
        private final ArrayDeque<Item> pongs = new ArrayDeque<>();
        private final List<Long> agesMillis = new ArrayList<>();
        private long workNanos;
        private long busyUntil;
        private long now;
        private int refused;
        private int lost;
        private int marks;
        private boolean answers = true;
        private boolean stopped;
        private int frameBytes = 270; // as a message of 150 characters
        private final ArrayDeque<Long> queue = new ArrayDeque<>();
        private final int queued; // at most: 1 as under the policy latest
        private boolean thinned; // as a session's queue is: what is older than two seconds and not the newest is lost

        Client(long oneWayMillis, long workMillis, int queued) {
            this.queued = queued;
            this.window.conflated(queued == 1);
            this.oneWay = time -> oneWayMillis * MILLISECOND + MILLISECOND / 10;
            this.workNanos = workMillis * MILLISECOND;
        }

        void run(long millis, int rate) {
            long end = now + millis * MILLISECOND;
            long period = TimeUnit.SECONDS.toNanos(1) / rate;
            long nextMessage = now;
            for (; now < end; now += MILLISECOND / 10) {
                if (now >= nextMessage) {
                    nextMessage += period;
                    queue.add(now);
                    send();
                    refused += queue.isEmpty() ? 0 : 1;
                    lost += queue.size() > queued ? 1 : 0;
                    while (queue.size() > queued) {
                        queue.remove();
                    }
                    thin();
                }
                receive();
            }
        }

        private void thin() {
            long limit = 2000 * MILLISECOND - Math.min(window.readDelay(), 1000 * MILLISECOND);
            while (thinned && queue.size() > 1 && now - queue.peek() > limit) {
                queue.remove();
                lost++;
            }
        }

        private void send() {
            boolean marked;
            do {
                window.look(now);
                while (!queue.isEmpty() && window.admits(frameBytes)) {
                    link.add(new Item(false, queue.remove(), arrival()));
                    window.sent(frameBytes);
                }
                marked = window.isMarkDue(now, !queue.isEmpty());
                if (marked) {
                    link.add(new Item(true, window.mark(now, 0), arrival()));
                    marks++;
                }
            } while (marked && !queue.isEmpty());
        }

        /** Nothing arrives on either way for so long. */
        void loseLinkFor(long millis) {
            LongUnaryOperator before = oneWay;
            long from = now;
            long until = now + millis * MILLISECOND;
            oneWay = time ->
                    time >= from && time < until ? until - time + before.applyAsLong(until) : before.applyAsLong(time);
        }

        /** Its application takes nothing for so long. */
        void holdUpFor(long millis) {
            busyUntil = now + millis * MILLISECOND;
        }

        /** One way for both directions: what is on it is not overtaken. */
        private long arrival() {
            latestArrival = Math.max(latestArrival, now + oneWay.applyAsLong(now));
            return latestArrival;
        }

        private void receive() {
            stopped = library.size() > (stopped ? GOES_ON_AT : STOPS_ABOVE);
            while (!stopped && !link.isEmpty() && link.peek().dueAt() <= now) {
                Item item = link.remove();
                if (!item.mark()) {
                    library.add(item.number());
                } else if (answers) {
                    pongs.add(new Item(true, item.number(), arrival()));
                }
            }
            if (now >= busyUntil && !library.isEmpty()) {
                agesMillis.add((now - library.remove()) / MILLISECOND);
                busyUntil = now + workNanos;
            }
            while (!pongs.isEmpty() && pongs.peek().dueAt() <= now) {
                window.answered(pongs.remove().number(), now, false);
                send();
            }
        }

        long oldestSinceLastLook() {
            long oldest = agesMillis.stream().mapToLong(Long::longValue).max().orElse(0);
            agesMillis.clear();
            return oldest;
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 200, 270", "0, 1000, 270", "40, 200, 270", "40, 1000, 270", "20, 200, 320", "40, 200, 200"})
    void aSlowClientIsSentWhatIsYoungerThanSixTenthsOfASecondUnderLatestFromTheFirstSecondOn(
            long oneWayMillis, int rate, int frameBytes) {
        Client client = new Client(oneWayMillis, 20, 1);
        client.frameBytes = frameBytes;
        showsForAMinuteNothingThatIsAsOldAs(600, client, rate);
    }

    private static void showsForAMinuteNothingThatIsAsOldAs(long millis, Client client, int rate) {
        for (int second = 0; second < 60; second++) {
            client.run(1000, rate);
            assertThat(client.agesMillis.size()).as("sent in second %d", second).isGreaterThan(45);
            assertThat(client.oldestSinceLastLook()).as("in second %d", second).isLessThan(millis);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, 270", "40, 200, 270", "40, 1000, 270", "40, 30, 100000", "40, 100, 100000"})
    void aClientThatKeepsUpIsSentAllUnderLatestAfterThreeSeconds(long oneWayMillis, int rate, int frameBytes) {
        Client client = new Client(oneWayMillis, 0, 1);
        client.frameBytes = frameBytes;
        client.run(3000, rate);
        client.lost = 0;
        client.marks = 0;
        client.run(10_000, rate);
        assertThat(client.lost).isZero();
        assertThat(client.marks).isLessThanOrEqualTo(60);
    }

    @Test
    void aWindowIsAsLargeAsEverOnceMessagesCanBeLostThatWait() {
        ReadWindow window = new ReadWindow(TARGET, new MarkInterval(), 0);
        window.conflated(true);
        assertThat(room(window)).isEqualTo(ReadWindow.FIRST_CONFLATED_BYTES);
        assertThat(window.opens()).isTrue();
        window.conflated(false);
        assertThat(window.opens()).isFalse();
        assertThat(room(window)).isEqualTo(ReadWindow.FIRST_BYTES);
    }

    private static int room(ReadWindow window) {
        window.look(0);
        window.sent(1); // else one message of any size passes
        int room = 1;
        while (window.admits(room)) {
            room++;
        }
        window.answered(window.mark(0, 0), 0, false);
        return room;
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "0, 1000", "40, 200", "40, 1000"})
    void aClientThatKeepsUpLosesNothingAndIsSentAFewPingsASecond(long oneWayMillis, int rate) {
        Client client = new Client(oneWayMillis, 0, 1024);
        client.run(5000, rate);
        assertThat(client.oldestSinceLastLook()).isLessThan(oneWayMillis * 10 + 10);
        client.marks = 0;
        client.run(10_000, rate);
        assertThat(client.marks).isLessThanOrEqualTo(40);
        assertThat(client.oldestSinceLastLook()).isLessThan(oneWayMillis + 2);
        assertThat(client.lost).isZero();
    }

    @Test
    void aPongThatWaitedForWhatOthersHadSentMakesNoClientLate() {
        ReadWindow window = new ReadWindow(TARGET, new MarkInterval(), 0);
        window.sent(4000);
        window.answered(window.mark(0, 0), MILLISECOND, false);
        window.sent(4000);
        window.answered(window.mark(MILLISECOND, 0), 600 * MILLISECOND, true);
        assertThat(room(window)).isGreaterThan(ReadWindow.FIRST_BYTES);
        window.sent(4000);
        window.answered(window.mark(600 * MILLISECOND, 0), 1200 * MILLISECOND, false);
        assertThat(room(window)).isLessThan(4000);
    }

    @Test
    void aMessageForAThousandClientsAsksFewOfThemWhetherTheyHaveReadIt() {
        MarkInterval interval = new MarkInterval();
        interval.clients(1000);
        List<ReadWindow> windows = Stream.generate(() -> new ReadWindow(TARGET, interval, interval.nextPhase()))
                .limit(1000)
                .toList();
        int all = 0;
        for (int message = 0; message < 100; message++) {
            long now = message * 100 * MILLISECOND;
            int marks = 0;
            for (ReadWindow window : windows) {
                window.look(now);
                window.sent(100);
                if (window.isMarkDue(now, false)) {
                    window.answered(window.mark(now, 0), now + MILLISECOND, false);
                    marks++;
                }
            }
            assertThat(marks).as("message %d", message).isLessThan(210);
            all += marks;
        }
        assertThat(all).as("in ten seconds").isBetween(8_000, 11_000);
    }

    @Test
    void aClientThatSlowsDownIsNoticed() {
        Client client = new Client(5, 0, 1);
        client.run(20_000, 200);
        client.workNanos = 20 * MILLISECOND;
        client.run(4000, 200);
        client.oldestSinceLastLook();
        client.run(30_000, 200);
        assertThat(client.oldestSinceLastLook()).isLessThan(700);
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "1, 1000", "40, 200", "40, 1000"})
    void aClientThatIsHeldUpForAMomentLosesNothingAndHasItsRoomBackSoon(long oneWayMillis, int rate) {
        Client client = heldUpForAMoment(oneWayMillis, rate);
        client.run(1000, rate);
        client.oldestSinceLastLook();
        client.refused = 0;
        client.run(1000, rate);
        assertThat(client.refused).isZero();
        assertThat(client.oldestSinceLastLook()).isLessThan(oneWayMillis + 2);
        assertThat(client.lost).isZero();
    }

    /** One that has kept up until now. */
    private static Client heldUpForAMoment(long oneWayMillis, int rate) {
        Client client = new Client(oneWayMillis, 0, 1024);
        client.run(20_000, rate);
        client.holdUpFor(300);
        return client;
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1, 200", "40, 100", "40, 200"})
    void aClientThatWasHeldUpForAMomentIsSoonSentAFewPingsASecondAgain(long oneWayMillis, int pairs) {
        Client client = heldUpForAMoment(oneWayMillis, pairs);
        client.run(5000, pairs);
        client.marks = 0;
        for (int pair = 0; pair < 10 * pairs; pair++) {
            client.queue.add(client.now);
            client.run(1000 / pairs, pairs);
        }
        assertThat(client.marks).isLessThanOrEqualTo(60);
        assertThat(client.lost).isZero();
    }

    @Test
    void aClientThatRecoversIsHeldNoLonger() {
        Client client = new Client(5, 20, 1);
        client.run(20_000, 200);
        client.workNanos = 0;
        client.run(20_000, 200);
        client.refused = 0;
        client.run(10_000, 200);
        assertThat(client.refused).isZero();
    }

    @Test
    void aClientWithoutPongsIsServedAllTheSame() {
        Client client = new Client(0, 0, 1);
        client.answers = false;
        for (int tick = 0; tick < 50; tick++) {
            client.run(100, 200);
            client.send(); // as the sweep does
        }
        client.refused = 0;
        client.run(5000, 200);
        assertThat(client.refused).isZero();
    }

    @Test
    void oneMessageOfAnySizePassesWhereNothingIsUnread() {
        ReadWindow window = new ReadWindow(TARGET, new MarkInterval(), 0);
        window.look(0);
        assertThat(window.admits(10_000_000)).isTrue();
        window.sent(10_000_000);
        window.look(0);
        assertThat(window.admits(1)).isFalse();
        window.answered(window.mark(0, 0), MILLISECOND, false);
        window.look(MILLISECOND);
        assertThat(window.admits(20_000_000)).isTrue();
    }

    @Test
    void aPongThatNoMarkAskedForCountsForNothing() {
        ReadWindow window = new ReadWindow(TARGET, new MarkInterval(), 0);
        window.sent(ReadWindow.FIRST_BYTES);
        long mark = window.mark(0, 0);
        for (long wrong : new long[] {mark + 1, mark - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(window.answered(wrong, 1, false)).isFalse();
        }
        window.look(1);
        assertThat(window.admits(1)).isFalse();
        assertThat(window.answered(mark, 1, false)).isTrue();
        assertThat(window.answered(mark, 2, false)).isFalse();
        window.look(2);
        assertThat(window.admits(1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "0, 1000", "20, 200", "40, 200"})
    void aQueueThatIsThinnedByAgeShowsNothingThatIsMuchOlderThanTwoSeconds(long oneWayMillis, int rate) {
        Client client = new Client(oneWayMillis, 20, 1024);
        client.thinned = true;
        showsForAMinuteNothingThatIsAsOldAs(2550, client, rate);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 40})
    void theSizeOfTheMessagesDoesNotMatter(long oneWayMillis) {
        for (int frameBytes : new int[] {80, 120, 150, 170, 190, 218, 240, 270, 350, 400, 600, 1000, 3000}) {
            Client client = new Client(oneWayMillis, 20, 1024);
            client.thinned = true;
            client.frameBytes = frameBytes;
            client.run(60_000, 200);
            assertThat(client.oldestSinceLastLook()).as("%d bytes", frameBytes).isLessThan(2600);
            Client latest = new Client(oneWayMillis, 20, 1);
            latest.frameBytes = frameBytes;
            latest.run(60_000, 200);
            assertThat(latest.oldestSinceLastLook())
                    .as("%d bytes under latest", frameBytes)
                    .isLessThan(750);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "1, 500", "40, 200", "40, 500"})
    void aClientThatKeepsUpLosesNothingInAGapOfItsLinkThatIsShorterThanTwoSeconds(long oneWayMillis, int rate) {
        for (int before = 2_000; before < 12_000; before += 50) {
            Client client = new Client(oneWayMillis, 0, 1024);
            client.thinned = true;
            client.run(before, rate);
            client.loseLinkFor(1900);
            client.run(10_000, rate);
            assertThat(client.lost).as("after %d ms", before).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 270", "50, 1000", "100, 1000", "150, 270", "150, 1000", "200, 270"})
    void aClientThatKeepsUpLosesNothingWhenItsWayBecomesLonger(long oneWayMillis, int frameBytes) {
        Client client = new Client(3, 0, 1024);
        client.thinned = true;
        client.frameBytes = frameBytes;
        client.run(20_000, 200);
        client.oneWay = time -> oneWayMillis * MILLISECOND;
        client.run(60_000, 200);
        assertThat(client.lost).isZero();
    }

    @Test
    void aClientOnAWayThatBecameVeryLongHasAllAgainAfterFiveSeconds() {
        Client client = new Client(3, 0, 1024);
        client.thinned = true;
        client.run(20_000, 200);
        client.oneWay = time -> 300 * MILLISECOND;
        client.run(5000, 200);
        client.lost = 0;
        client.run(60_000, 200);
        assertThat(client.lost).isZero();
    }

    @ParameterizedTest
    @CsvSource({"300, 100", "300, 200", "500, 100", "500, 200"})
    void aClientThatKeepsUpLosesNothingThoughItsWayIsSlowAndErratic(int mostMillis, int rate) {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            long[] ways = random.longs(700, 0, mostMillis / 2 * MILLISECOND).toArray();
            Client client = new Client(0, 0, 1024);
            client.thinned = true;
            client.oneWay = time -> ways[(int) (time / (100 * MILLISECOND))];
            client.run(60_000, rate);
            assertThat(client.lost).as("seed %d", seed).isZero();
        }
    }
}
