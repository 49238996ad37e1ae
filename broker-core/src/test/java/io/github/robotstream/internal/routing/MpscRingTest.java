package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MpscRingTest {
    private static <E> E poll(MpscRing<E> ring) {
        E element = ring.peek();
        if (element != null) {
            ring.remove();
        }
        return element;
    }

    @Test
    void elementsComeOutInTheOrderOfTheirPlaces() {
        MpscRing<String> ring = new MpscRing<>(4);
        for (int round = 0; round < 10; round++) {
            assertThat(ring.offer("a", new AtomicLong())).isEqualTo(2 * round);
            assertThat(ring.offer("b", new AtomicLong())).isEqualTo(2 * round + 1);
            assertThat(poll(ring)).isEqualTo("a");
            assertThat(ring.head()).isEqualTo(2 * round + 1);
            assertThat(poll(ring)).isEqualTo("b");
            assertThat(ring.peek()).isNull();
        }
    }

    @Test
    void aFullRingTakesNothingUntilSomethingWasTaken() {
        MpscRing<Integer> ring = new MpscRing<>(5);
        for (int i = 0; i < 8; i++) {
            assertThat(ring.offer(i, new AtomicLong())).isEqualTo(i);
        }
        assertThat(ring.offer(8, new AtomicLong())).isEqualTo(MpscRing.FULL);
        assertThat(ring.size()).isEqualTo(8);
        assertThat(poll(ring)).isZero();
        assertThat(ring.offer(8, new AtomicLong())).isEqualTo(8);
        assertThat(ring.offer(9, new AtomicLong())).isEqualTo(MpscRing.FULL);
    }

    @Test
    void itIsEmptyOnceEverythingWasTaken() {
        MpscRing<Integer> ring = new MpscRing<>(2);
        assertThat(ring.isEmpty()).isTrue();
        ring.offer(1, new AtomicLong());
        assertThat(ring.isEmpty()).isFalse();
        ring.remove();
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    @Timeout(60)
    void nothingIsLostDoubledOrReorderedWithManyProducers() throws InterruptedException {
        int producers = 4;
        int each = 50_000;
        MpscRing<int[]> ring = new MpscRing<>(64);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            Thread thread = new Thread(() -> {
                awaitStart(start);
                for (int i = 0; i < each; i++) {
                    while (ring.offer(new int[] {producer, i}, new AtomicLong()) == MpscRing.FULL) {
                        LockSupport.parkNanos(1_000);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        int[] next = new int[producers];
        for (int taken = 0; taken < producers * each; ) {
            int[] element = poll(ring);
            if (element == null) {
                LockSupport.parkNanos(1_000);
                continue;
            }
            assertThat(element[1]).isEqualTo(next[element[0]]);
            next[element[0]]++;
            taken++;
        }
        assertThat(ring.isEmpty()).isTrue();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void awaitStart(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
