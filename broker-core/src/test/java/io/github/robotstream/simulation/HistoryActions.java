package io.github.robotstream.simulation;

import io.github.robotstream.simulation.Schedule.Action;
import java.util.List;
import java.util.Random;

/** What a seed makes happen to a {@link HistorySimulation}. */
final class HistoryActions {
    private static final int ACTIONS = 80;
    private static final int TOPICS = HistorySimulation.KEEPING + 1;

    private HistoryActions() {}

    static Schedule<HistorySimulation> of(long seed) {
        Random random = Schedule.dice(seed);
        List<Integer> kept = List.of(
                List.of(1, 3, 20).get(random.nextInt(3)), List.of(3, 20, 300).get(random.nextInt(3)), 0);
        List<Integer> ceilings = List.of(random.nextInt(3) == 0 ? 5 : 0, 0, random.nextInt(3) == 0 ? 50 : 0);
        int queue = List.of(128, 1_024).get(random.nextInt(2)); // three subscriptions have room for what comes at once
        boolean hasStore = random.nextBoolean();
        String title = "history, seed " + seed + ", topics keep " + kept + ", at most a second " + ceilings
                + ", queues " + queue + (hasStore ? ", on a disk" : "");
        return Schedule.of(
                title, () -> new HistorySimulation(kept, ceilings, queue, hasStore), ACTIONS, () -> next(random));
    }

    private static Action<HistorySimulation> next(Random random) {
        int client = random.nextInt(HistorySimulation.CLIENTS);
        int topic = random.nextInt(TOPICS);
        int offset = random.nextInt(4) > 0 ? 0 : random.nextInt(12) - 8;
        int dice = random.nextInt(100);
        if (dice < 28) {
            int count = random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 1;
            return new Action<>(
                    "the robot publishes " + count + " on t" + topic, simulation -> simulation.publishes(topic, count));
        } else if (dice < 31) {
            int cleared = topic % HistorySimulation.KEEPING;
            return new Action<>("the robot clears t" + cleared, simulation -> simulation.clears(cleared));
        } else if (dice < 49) {
            int which = random.nextInt(HistorySimulation.SUBSCRIPTIONS);
            Options options = random.nextInt(3) == 0
                    ? Options.USUAL
                    : Options.random(random).withMeta(true);
            return new Action<>(
                    "c" + client + " subscribes as " + which + " from " + offset + " behind its position, "
                            + options.json(),
                    simulation -> simulation.subscribes(client, which, offset, options));
        } else if (dice < 51) {
            int which = random.nextInt(HistorySimulation.SUBSCRIPTIONS);
            return new Action<>(
                    "c" + client + " unsubscribes as " + which, simulation -> simulation.unsubscribes(client, which));
        } else if (dice < 68) {
            return new Action<>("c" + client + " is cut or comes back", simulation -> simulation.cutOrConnect(client));
        } else if (dice < 78) {
            int limit = 1 + random.nextInt(random.nextBoolean() ? 3 : 100);
            int asked = topic % HistorySimulation.KEEPING;
            return new Action<>(
                    "c" + client + " asks for " + limit + " of t" + asked + " from " + offset + " behind its position",
                    simulation -> simulation.asksForHistory(client, asked, offset, limit));
        } else if (dice < 84) {
            int messages = random.nextInt(40);
            return new Action<>("the store takes " + messages, simulation -> simulation.storeCatchesUp(messages));
        } else if (dice < 87) {
            boolean clean = random.nextInt(3) == 0;
            long luck = random.nextLong();
            return new Action<>(
                    clean ? "the broker restarts" : "the power fails",
                    simulation -> simulation.restart(clean, new Random(luck)));
        } else if (dice < 94) {
            int bytes =
                    List.of(0, 300, 3_000, Integer.MAX_VALUE, Integer.MAX_VALUE).get(random.nextInt(5));
            return new Action<>(
                    "c" + client + " reads " + bytes + " bytes at a time",
                    simulation -> simulation.reads(client, bytes));
        }
        if (dice < 96) {
            int seconds = random.nextInt(4_000) - 2_000;
            return new Action<>("the wall clock jumps by " + seconds + " s", s -> s.jumpWallClock(seconds));
        }
        int millis = 1 + random.nextInt(3_000);
        return new Action<>(millis + " ms go by", simulation -> simulation.advance(millis));
    }
}
