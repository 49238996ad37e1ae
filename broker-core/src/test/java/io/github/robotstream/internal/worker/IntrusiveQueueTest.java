package io.github.robotstream.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class IntrusiveQueueTest {
    private final IntrusiveQueue<Numbered> queue = new IntrusiveQueue<>();

    private static final class Numbered extends IntrusiveQueue.Node {
        private final int number;
        private final AtomicInteger wanted = new AtomicInteger();

        Numbered(int number) {
            this.number = number;
        }
    }

    private List<Integer> takeAll() {
        List<Integer> taken = new ArrayList<>();
        for (Numbered next = queue.poll(); next != null; next = queue.poll()) {
            taken.add(next.number);
        }
        return taken;
    }

    @Test
    void whatIsPutInFirstComesOutFirst() {
        IntStream.range(0, 5).mapToObj(Numbered::new).forEach(queue::offer);
        assertThat(queue.poll().number).isZero();
        assertThat(queue.poll().number).isOne();
        IntStream.range(5, 8).mapToObj(Numbered::new).forEach(queue::offer);
        assertThat(queue.gather()).isEqualTo(6);
        assertThat(takeAll()).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.gather()).isZero();
    }

    @Test
    void anElementIsInItOnceAndAgainOnceItWasTakenOut() {
        Numbered one = new Numbered(1);
        Numbered two = new Numbered(2);
        assertThat(queue.offer(one)).isTrue();
        assertThat(queue.offer(two)).isTrue();
        assertThat(queue.offer(one)).isFalse();
        assertThat(queue.poll()).isSameAs(one);
        assertThat(queue.offer(one)).isTrue();
        assertThat(takeAll()).containsExactly(2, 1);
    }

    @Test
    @Timeout(60)
    void nothingThatIsWantedIsForgottenWithManyProducers() throws InterruptedException {
        int rounds = 100_000;
        List<Numbered> elements = IntStream.range(0, 8).mapToObj(Numbered::new).toList();
        CountDownLatch ended = new CountDownLatch(4);
        for (int p = 0; p < 4; p++) {
            int first = p;
            new Thread(() -> {
                        for (int i = 0; i < rounds; i++) {
                            Numbered next = elements.get((first + i) % elements.size());
                            next.wanted.incrementAndGet();
                            queue.offer(next);
                        }
                        ended.countDown();
                    })
                    .start();
        }
        long served = 0;
        while (ended.getCount() > 0 || !queue.isEmpty()) {
            Numbered next = queue.poll();
            served += next == null ? 0 : next.wanted.getAndSet(0);
        }
        assertThat(served).isEqualTo(4L * rounds);
    }

    /** With little stack left, in code that has hardly run: an element that could not be linked is found all the same. */
    @Test
    void whatIsOfferedAtTheEndOfTheStackIsTakenOrCanBeOfferedAgain() throws InterruptedException {
        List<Numbered> elements =
                IntStream.range(0, 2_000).mapToObj(Numbered::new).toList();
        AtomicInteger next = new AtomicInteger();
        Thread diver = new Thread(null, () -> dive(elements, next), "diver", 256 * 1024);
        diver.start();
        diver.join();
        takeAll();
        elements.forEach(queue::offer);
        assertThat(takeAll()).hasSize(elements.size());
    }

    /** On the way back each frame that has too little stack left for the offer overflows once more. */
    @SuppressWarnings("InfiniteRecursion") // until the stack is over
    private int dive(List<Numbered> elements, AtomicInteger next) {
        int depth = 0;
        try {
            depth = dive(elements, next) + 1;
        } catch (StackOverflowError atTheEnd) {
            // from here on up
        }
        if (next.get() < elements.size()) {
            queue.offer(elements.get(next.getAndIncrement()));
        }
        return depth;
    }
}
