package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.testing.Campaign;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that is killed, whose power fails, whose disk is full or broken, at any moment: nothing that was synced is lost, the order
 * is kept, nothing is served twice under one number. Run {@code -Drobotstream.store.runs=100000 -Drobotstream.store.seed=17} for more.
 */
class StoreScheduleTest {
    private static final int RUNS = Campaign.length("store.runs", 200, 1_000);
    private static final long SEED = Campaign.firstSeed("store.seed");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void schedules(boolean keepsAll) throws Exception {
        long recoveries = 0;
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            try {
                recoveries += new Schedule(seed, keepsAll).run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(recoveries).isGreaterThan(RUNS);
    }

    private static final class Schedule {
        private final Random random;
        private final StoreFixture fixture;
        private final StoreModel model;
        private boolean troubled;
        private int failedForces;
        private int recoveries;

        Schedule(long seed, boolean keepsAll) {
            this.random = new Random(seed);
            this.model = new StoreModel(keepsAll);
            this.fixture = keepsAll
                    ? new StoreFixture()
                    : new StoreFixture(StoreFixture.retention(1_000, Duration.ofSeconds(20)));
        }

        int run() throws Exception {
            fixture.store.open();
            for (int i = 0; i < 40; i++) {
                step();
                if (fixture.disk.failedForces() != failedForces) {
                    failedForces = fixture.disk.failedForces();
                    model.unsyncedIsUnsure();
                    troubled = true;
                } else if (fixture.disk.isForced()) {
                    model.allSynced();
                }
            }
            crash();
            return recoveries;
        }

        private void step() throws Exception {
            switch (random.nextInt(20)) {
                case 0 -> crash();
                case 1 -> {
                    fixture.disk.kill();
                    open(false);
                }
                case 2 -> closeAndOpen();
                case 3 -> forget("t" + random.nextInt(4));
                case 4 -> fixture.disk.room(random.nextInt(3_000));
                case 5 -> fixture.disk.readOnly(random.nextInt(3) == 0);
                case 6 -> {
                    if (random.nextInt(4) == 0) {
                        fixture.disk.failForceAfter(1 + random.nextInt(4));
                    }
                }
                case 7, 8 -> fixture.disk.room(Long.MAX_VALUE).readOnly(false);
                case 9, 10, 11 -> idle();
                case 12 -> {
                    String name = "t" + random.nextInt(4);
                    model.checkRead(name, fixture.store.read(name, 0, Integer.MAX_VALUE));
                }
                default -> append();
            }
        }

        private void append() {
            List<Message> batch = new ArrayList<>();
            int topic = random.nextInt(4);
            for (int i = random.nextInt(6); i >= 0; i--) {
                String name = "t" + (random.nextInt(3) == 0 ? random.nextInt(4) : topic);
                int size = random.nextInt(20) == 0 ? random.nextInt(6_000) : random.nextInt(400);
                batch.add(model.next(fixture, name, random.nextInt(30) == 0, size));
            }
            boolean failed = false;
            try {
                fixture.store.append(batch);
            } catch (IOException e) {
                failed = true;
            }
            model.appended(batch, failed);
        }

        private void forget(String name) {
            boolean failed = false;
            try {
                fixture.store.forget(name);
            } catch (IOException e) {
                failed = true;
            }
            model.forgotten(name, failed);
        }

        private void idle() {
            fixture.clock.advance(Duration.ofMillis(random.nextInt(3) * 700L));
            for (int i = random.nextInt(4); i >= 0; i--) {
                try {
                    fixture.store.idle();
                } catch (IOException e) {
                    // as it is told to the log
                }
            }
        }

        private void crash() throws Exception {
            fixture.disk.crash(random);
            open(false);
        }

        /** As the store thread ends it. */
        private void closeAndOpen() throws Exception {
            boolean sound = !troubled && fixture.disk.failedForces() == failedForces;
            for (String name : model.behind()) {
                sound = false;
                forget(name);
            }
            try {
                fixture.store.close();
            } catch (IOException e) {
                sound = false;
            }
            if (fixture.disk.failedForces() != failedForces) {
                failedForces = fixture.disk.failedForces();
                model.unsyncedIsUnsure();
            } else if (fixture.disk.isForced()) {
                model.allSynced();
            }
            if (random.nextInt(3) == 0) {
                fixture.disk.crash(random); // between two runs
            }
            open(sound);
        }

        private void open(boolean clean) throws Exception {
            boolean writable = random.nextInt(4) > 0;
            // Else what was found damaged might come back, since it could not be cut off.
            fixture.disk.failForceAfter(Integer.MAX_VALUE);
            if (!writable && !fixture.disk.isForced()) {
                fixture.disk.crash(random); // what is found then cannot be forced
            }
            if (writable) {
                fixture.disk.room(Long.MAX_VALUE).readOnly(false);
            }
            model.opened(fixture, fixture.reopen(), clean && writable);
            troubled = !writable;
            recoveries++;
        }
    }
}
