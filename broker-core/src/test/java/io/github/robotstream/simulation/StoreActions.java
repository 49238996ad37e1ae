package io.github.robotstream.simulation;

import io.github.robotstream.simulation.KeptModel.Retention;
import io.github.robotstream.simulation.Schedule.Action;
import java.util.List;
import java.util.Random;

/** What a seed makes happen to a {@link StoreSimulation}. */
final class StoreActions {
    private static final int ACTIONS = 70;
    private static final int TOPICS = 2;
    private static final long PLENTY = 1L << 40;

    private StoreActions() {}

    static Schedule<StoreSimulation> of(long seed) {
        Random random = Schedule.dice(seed);
        List<Integer> inMemory =
                List.of(1 + random.nextInt(5), List.of(3, 20, 100).get(random.nextInt(3)));
        Retention retention = new Retention(
                List.of(0L, 2_000L, 6_000L, PLENTY).get(random.nextInt(4)),
                List.of(60L, 1_000_000_000L).get(random.nextInt(2)));
        String title = "store, seed " + seed + ", memory has " + inMemory + ", the store keeps " + retention;
        return Schedule.of(title, () -> new StoreSimulation(inMemory, retention), ACTIONS, () -> next(random));
    }

    private static Action<StoreSimulation> next(Random random) {
        int client = random.nextInt(StoreSimulation.CLIENTS);
        int topic = random.nextInt(TOPICS);
        int offset = random.nextInt(3) > 0 ? 0 : random.nextInt(40) - 35;
        int dice = random.nextInt(100);
        if (dice < 32) {
            int count = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 1 + random.nextInt(4);
            boolean settles = random.nextInt(3) > 0;
            return new Action<>(
                    "the robot publishes " + count + " on t" + topic + (settles ? "" : ", and no more"),
                    simulation -> simulation.publishes(topic, count, settles));
        } else if (dice < 34) {
            return new Action<>("the robot clears t" + topic, simulation -> simulation.clears(topic));
        } else if (dice < 46) {
            return new Action<>(
                    "c" + client + " subscribes to t" + topic + " from " + offset + " behind its position",
                    simulation -> simulation.subscribes(client, topic, offset));
        } else if (dice < 56) {
            return new Action<>("c" + client + " is cut or comes back", simulation -> simulation.cutOrConnect(client));
        } else if (dice < 68) {
            int limit = 1 + random.nextInt(random.nextBoolean() ? 10 : 200);
            boolean fromOldest = random.nextBoolean();
            return new Action<>(
                    "c" + client + " asks for " + limit + " of t" + topic + " from "
                            + (fromOldest ? "the oldest on" : offset + " behind its position"),
                    simulation -> simulation.asksForHistory(client, topic, fromOldest, offset, limit));
        } else if (dice < 80) {
            return disk(random);
        } else if (dice < 84) {
            boolean clean = random.nextBoolean();
            long luck = random.nextLong();
            return new Action<>(
                    clean ? "the broker restarts" : "the power fails",
                    simulation -> simulation.restart(clean, new Random(luck)));
        } else if (dice < 87) {
            int seconds = random.nextInt(400) - 200;
            return new Action<>("the wall clock jumps by " + seconds + " s", s -> s.jumpWallClock(seconds));
        }
        int millis = 1 + random.nextInt(random.nextBoolean() ? 3_000 : 80_000);
        return new Action<>(millis + " ms go by", simulation -> simulation.advance(millis));
    }

    private static Action<StoreSimulation> disk(Random random) {
        int what = random.nextInt(8);
        if (what < 3) {
            return new Action<>("the disk has room, and can be written", StoreSimulation::diskIsWell);
        } else if (what < 6) {
            long room = List.of(0L, 200L, 5_000L).get(random.nextInt(3));
            return new Action<>("the disk has room for " + room + " bytes", s -> s.diskHasRoom(room));
        } else if (what < 7) {
            return new Action<>("the disk is read-only", StoreSimulation::diskIsReadOnly);
        }
        int calls = 1 + random.nextInt(3);
        return new Action<>("call " + calls + " to force the disk fails", s -> s.forceFails(calls));
    }
}
