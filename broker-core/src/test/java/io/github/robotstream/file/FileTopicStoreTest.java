package io.github.robotstream.file;

import static io.github.robotstream.file.StoreFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Message;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.file.StoreSettings.Retention;
import io.github.robotstream.spi.StoredTopic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FileTopicStoreTest {
    private static final String FIRST = "000000000001.log";

    private StoreFixture fixture = new StoreFixture();

    private StoreFixture opened() throws IOException {
        fixture.store.open();
        return fixture;
    }

    @Test
    void aTailThatIsTornAtAnyByteIsCutOffAndAllBeforeItKept() throws IOException {
        opened().append("pose", 1, 3);
        int before = fixture.disk.content(FIRST).length;
        fixture.append("pose", 4, 4);
        byte[] all = fixture.disk.content(FIRST);
        for (int size = before; size < all.length; size++) {
            fixture = new StoreFixture();
            fixture.disk.content(FIRST, Arrays.copyOf(all, size));
            assertThat(fixture.reopenOne().lastSequence()).isEqualTo(3);
            assertThat(fixture.sequences("pose")).containsExactly(1L, 2L, 3L);
            assertThat(fixture.disk.content(FIRST)).hasSize(before);
            assertThat(fixture.told).hasSize(size == before ? 0 : 1);
        }
    }

    @Test
    void aByteThatIsWrongAnywhereStopsNoStartAndLosesNothingBeforeItsRecord() throws IOException {
        opened().append("pose", "e1", 10, 1, 6);
        fixture.store.close();
        byte[] all = fixture.disk.content(FIRST);
        int message = (all.length - Segment.HEAD) / 6;
        for (int i = 0; i < all.length; i++) {
            byte[] wrong = all.clone();
            wrong[i] ^= (byte) (1 << (i % 8));
            fixture = new StoreFixture();
            fixture.disk.content(FIRST, wrong);
            for (StoredTopic topic : fixture.reopen()) {
                assertThat(topic.epoch()).as("byte %d", i).isNotEqualTo("e1");
            }
            assertThat(fixture.told).singleElement().asString().startsWith("store_repaired: /fake/" + FIRST);
            List<Long> kept = fixture.sequences("pose");
            assertThat(kept).isEqualTo(numbers(1, kept.size()));
            assertThat(kept.size()).isGreaterThanOrEqualTo((i - Segment.HEAD) / message - 1);
        }
    }

    @Test
    void whatComesInLaterFilesThanADamagedOneIsKept() throws IOException {
        opened().append("pose", 1, 60);
        fixture.store.close();
        byte[] first = fixture.disk.content(FIRST);
        first[first.length / 2] ^= 1;
        fixture.disk.content(FIRST, first);
        fixture.reopenOne();
        assertThat(fixture.sequences("pose")).contains(1L, 60L).isSorted().hasSizeBetween(40, 59);
        fixture.store.close();
        fixture.told.clear();
        assertThat(fixture.reopenOne().lastSequence()).isEqualTo(60);
        assertThat(fixture.told).as("it is told once").isEmpty();
    }

    @Test
    void filesOfANewerFormatFailTheStartAndAreNamedWithBothVersions() throws IOException {
        opened().append("pose", 1, 3);
        fixture.store.close();
        byte[] newer = withVersion(Segment.VERSION + 1);
        FileTopicStore store = fixture.newStore();
        assertThatThrownBy(store::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/fake/" + FIRST + " has version 3")
                .hasMessageContaining("up to 2");
        store.close();
        assertThat(fixture.disk.content(FIRST)).isEqualTo(newer);
    }

    @Test
    void filesOfTheFormatBeforeAreRead() throws IOException {
        opened().append("pose", 1, 3);
        fixture.store.close();
        withVersion(1);
        assertThat(fixture.reopenOne().lastSequence()).isEqualTo(3);
        assertThat(fixture.sequences("pose")).containsExactly(1L, 2L, 3L);
        assertThat(fixture.told).isEmpty();
    }

    private byte[] withVersion(int version) {
        byte[] changed = fixture.disk.content(FIRST);
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.wrap(changed).putInt(4, version).array(), 0, Segment.HEAD - 4);
        ByteBuffer.wrap(changed).putInt(Segment.HEAD - 4, (int) checksum.getValue());
        fixture.disk.content(FIRST, changed);
        return changed;
    }

    @Test
    void aDirectoryIsOneStoresAlone() throws IOException {
        opened();
        FileTopicStore second = fixture.newStore();
        assertThatThrownBy(second::open).isInstanceOf(IOException.class).hasMessageContaining("/fake/ is in use");
        second.close();
        fixture.append("pose", 1, 1);
        fixture.store.close();
        assertThat(fixture.reopenOne().lastSequence()).isEqualTo(1);
    }

    @Test
    void theSameStoreServesOneBrokerAtATime() throws IOException {
        opened();
        assertThatThrownBy(fixture.store::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
        fixture.store.close(); // by the broker that did not get it
        fixture.append("pose", 1, 1);
        assertThat(fixture.sequences("pose")).containsExactly(1L);
    }

    @Test
    void aFullDiskLosesWhatComesMeanwhileAndNothingElse() throws IOException {
        opened().append("pose", 1, 20);
        fixture.disk.room(1_000);
        assertThatThrownBy(() -> fixture.append("pose", 21, 40)).hasMessageContaining("No space");
        assertThatThrownBy(() -> fixture.append("pose", 41, 60)).hasMessageContaining("No space");
        List<Long> read = fixture.sequences("pose");
        assertThat(read).containsAll(numbers(1, 20)).isSorted();
        fixture.disk.room(Long.MAX_VALUE);
        fixture.append("pose", 61, 62);
        assertThat(fixture.sequences("pose", 60)).containsExactly(61L, 62L);
        fixture.store.close();
        StoredTopic pose = fixture.reopenOne();
        assertThat(pose.epoch()).isEqualTo("e1");
        assertThat(pose.lastSequence()).isEqualTo(62);
        assertThat(fixture.sequences("pose").subList(0, 20)).isEqualTo(numbers(1, 20));
        assertThat(fixture.told).isEmpty();
    }

    @Test
    void aDiskThatIsReadOnlyFailsNoStartAndNoNumberIsGivenOutTwice() throws IOException {
        opened().append("pose", 1, 3);
        fixture.store.close();
        fixture.disk.readOnly(true);
        StoredTopic readOnly = fixture.reopenOne();
        assertThat(readOnly.epoch()).isNotEqualTo("e1");
        assertThat(readOnly.latest().orElseThrow().sequence()).isEqualTo(3);
        assertThat(fixture.told).singleElement().asString().contains("store_failed", "Read-only file system");
        assertThatThrownBy(() -> fixture.append("pose", readOnly.epoch(), 0, 4, 4))
                .isInstanceOf(IOException.class);

        fixture.disk.readOnly(false);
        fixture.append("pose", readOnly.epoch(), 0, 5, 5);
        fixture.store.close();
        StoredTopic pose = fixture.reopenOne();
        assertThat(pose.epoch()).isEqualTo(readOnly.epoch());
        assertThat(fixture.sequences("pose")).containsExactly(1L, 2L, 3L, 5L);
    }

    @Test
    void whatWasAppendedIsForcedWhenItsTimeHasComeThoughNothingFollows() throws IOException {
        opened().settle();
        fixture.append("pose", 1, 1);
        assertThat(fixture.disk.isForced()).isFalse();
        assertThat(fixture.store.idle()).contains(Duration.ofSeconds(1));
        fixture.clock.advance(Duration.ofMillis(999));
        assertThat(fixture.store.idle()).contains(Duration.ofMillis(1));
        assertThat(fixture.disk.isForced()).isFalse();
        fixture.clock.advance(Duration.ofMillis(1));
        fixture.store.idle();
        assertThat(fixture.disk.isForced()).isTrue();
    }

    @Test
    void whatWasAppendedIsForcedAtOnceWhenItIsMuch() throws IOException {
        opened().append("pose", "e1", 1_000, 1, 16);
        assertThat(fixture.disk.isForced()).isTrue();
    }

    @Test
    void afterAForceThatFailedTheRunDoesNotCountAsComplete() throws IOException {
        opened().settle();
        fixture.append("pose", 1, 2);
        fixture.clock.advance(Duration.ofSeconds(2));
        fixture.disk.failForceAfter(1);
        assertThatThrownBy(() -> fixture.store.idle()).hasMessageContaining("Input/output error");
        fixture.append("pose", 3, 3);
        fixture.store.close();
        fixture.disk.crash(new Random(1));
        assertThat(fixture.reopenOne().epoch()).isNotEqualTo("e1");
    }

    @Test
    void moreThanIsRetainedGoesButForTheNewestOfEachTopic() throws IOException {
        fixture = new StoreFixture(StoreFixture.retention(20_000, Duration.ofDays(1)));
        opened().append("rare", 1, 2);
        for (int i = 0; i < 200; i++) {
            fixture.append("pose", i * 10 + 1, i * 10 + 10);
            fixture.settle();
        }
        assertThat(fixture.disk.size()).isBetween(20_000L, 35_000L);
        List<Long> kept = fixture.sequences("pose");
        assertThat(kept).endsWith(2_000L).hasSizeBetween(80, 200);
        assertThat(kept).isEqualTo(numbers(kept.get(0), 2_000));
        assertThat(fixture.sequences("rare")).contains(2L);
        fixture.store.close();
        assertThat(fixture.reopen()).hasSize(2);
        assertThat(fixture.sequences("pose")).isEqualTo(kept);
    }

    @Test
    void whatIsTooOldGoesButForTheNewestOfEachTopic() throws IOException {
        fixture = new StoreFixture(StoreFixture.retention(1 << 30, Duration.ofHours(1)));
        opened().append("pose", 1, 100);
        fixture.clock.advance(Duration.ofMinutes(59));
        fixture.append("arm", 1, 100);
        fixture.settle();
        assertThat(fixture.sequences("pose")).hasSize(100);
        fixture.clock.advance(Duration.ofMinutes(2));
        fixture.settle();
        assertThat(fixture.sequences("pose")).containsExactly(100L);
        assertThat(fixture.sequences("arm")).hasSize(100);
        assertThat(fixture.disk.size()).isLessThan(20_000);
    }

    @Test
    void aTopicMayBeRetainedOtherwiseThanTheRest() throws IOException {
        fixture = new StoreFixture(StoreFixture.retention(0, Duration.ofDays(1)));
        fixture.retentions.put(TopicFilter.of("joints/#"), StoreFixture.ALL);
        fixture.retentions.put(TopicFilter.of("#"), new Retention(0, 1_000));
        opened();
        for (int i = 1; i <= 100; i++) {
            fixture.append("joints/a", i, i);
            fixture.append("pose", i, i);
            fixture.settle();
        }
        assertThat(fixture.sequences("joints/a")).isEqualTo(numbers(1, 100));
        assertThat(fixture.sequences("pose")).endsWith(100L).hasSizeLessThan(30);
    }

    @Test
    void allFilesTogetherStayWithinTheirBound() throws IOException {
        fixture = new StoreFixture(
                s -> new StoreSettings(s.syncNanos(), s.syncBytes(), 40_000, 4_096, s.retention(), s.retentions()));
        opened().append("rare", 1, 1);
        for (int i = 0; i < 100; i++) {
            fixture.append("t" + i % 5, i * 10 + 1, i * 10 + 10);
            fixture.settle();
        }
        assertThat(fixture.disk.size()).isBetween(25_000L, 45_000L);
        assertThat(fixture.sequences("rare")).containsExactly(1L);
    }

    @Test
    void topicsThatComeAndGoLeaveNoFiles() throws IOException {
        opened();
        for (int i = 0; i < 300; i++) {
            fixture.append("t" + i, 1, 10);
            fixture.store.forget("t" + i);
            fixture.settle();
        }
        assertThat(fixture.disk.size()).isLessThan(20_000);
        fixture.store.close();
        assertThat(fixture.reopen()).isEmpty();
    }

    @Test
    void aStepOfPuttingFilesTogetherIsBounded() throws IOException {
        fixture = new StoreFixture(
                s -> new StoreSettings(s.syncNanos(), 1 << 30, 1L << 40, 4 << 20, s.retention(), s.retentions()));
        opened();
        for (int i = 0; i < 20; i++) {
            fixture.append("keep", "e1", 1_000, i * 100 + 1, i * 100 + 100);
            fixture.append("gone", "e1", 2_000, i * 100 + 1, i * 100 + 100);
        }
        fixture.store.forget("gone");
        fixture.append("keep", "e1", 1_000, 2_001, 4_000);
        long most = 0;
        for (boolean more = true; more; ) {
            long before = fixture.disk.written();
            more = fixture.store.idle().filter(Duration::isZero).isPresent();
            most = Math.max(most, fixture.disk.written() - before);
        }
        assertThat(most).isPositive().isLessThan(300_000);
        assertThat(fixture.sequences("keep")).hasSize(4_000);
    }

    @Test
    void filesAreClosed() throws IOException {
        opened().append("pose", 1, 200);
        fixture.sequences("pose");
        fixture.settle();
        assertThat(fixture.disk.opened()).isEqualTo(1);
        fixture.store.close();
        assertThat(fixture.disk.opened()).isZero();
    }

    @Test
    void readsGoOnWhereTheLastOneEnded() throws IOException {
        opened();
        for (int i = 1; i <= 300; i++) {
            fixture.append(i % 3 == 0 ? "pose" : "arm", i, i);
        }
        long after = 0;
        int read = 0;
        for (List<Message> page = fixture.store.read("pose", 0, 7);
                !page.isEmpty();
                page = fixture.store.read("pose", after, 7)) {
            assertThat(page.get(0).sequence()).isEqualTo(after + 3);
            read += page.size();
            after = page.get(page.size() - 1).sequence();
        }
        assertThat(read).isEqualTo(100);
    }
}
