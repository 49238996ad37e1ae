package io.github.robotstream.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final int THREADS = 6;
    private static final int TURNS = 50_000;

    private final AtomicInteger made = new AtomicInteger();
    private final Pool<AtomicBoolean> pool = new Pool<>(() -> {
        made.incrementAndGet();
        return new AtomicBoolean();
    });

    @Test
    void nobodyIsGivenWhatAnotherStillUses() {
        AtomicInteger shared = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CompletableFuture.allOf(Stream.generate(() -> CompletableFuture.runAsync(() -> use(shared), threads))
                            .limit(THREADS)
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            threads.shutdownNow();
        }
        assertThat(shared).hasValue(0);
    }

    private void use(AtomicInteger shared) {
        for (int i = 0; i < TURNS; i++) {
            AtomicBoolean inUse = pool.take();
            if (inUse.getAndSet(true)) {
                shared.incrementAndGet();
            }
            inUse.set(false);
            pool.giveBack(inUse);
        }
    }

    @Test
    void whatWasGivenBackIsUsedAgainAndOfManyAtOnceTheFirstFourAreKept() {
        takeAll(6);
        assertThat(made).hasValue(6);
        takeAll(6);
        assertThat(made).hasValue(8);
        takeAll(4);
        assertThat(made).hasValue(8);
    }

    private void takeAll(int count) {
        List<AtomicBoolean> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(pool.take());
        }
        assertThat(taken).doesNotHaveDuplicates();
        taken.forEach(pool::giveBack);
    }
}
