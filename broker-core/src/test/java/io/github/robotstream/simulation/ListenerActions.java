package io.github.robotstream.simulation;

import io.github.robotstream.simulation.Schedule.Action;
import java.util.List;
import java.util.Random;

/** What a seed makes happen to a {@link ListenerSimulation}. */
final class ListenerActions {
    private static final int ACTIONS = 80;
    private static final List<String> TOPICS = ListenerSimulation.TOPICS;

    private ListenerActions() {}

    static Schedule<ListenerSimulation> of(long seed) {
        Random random = Schedule.dice(seed);
        return Schedule.of("listeners, seed " + seed, ListenerSimulation::new, ACTIONS, () -> next(random));
    }

    private static Action<ListenerSimulation> next(Random random) {
        int topic = random.nextInt(TOPICS.size());
        int which = random.nextInt(6);
        int dice = random.nextInt(100);
        if (dice < 32) {
            int count = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 1;
            return new Action<>(
                    "the robot publishes " + count + " on " + TOPICS.get(topic),
                    simulation -> simulation.robotPublishes(topic, count));
        } else if (dice < 38) {
            return new Action<>(
                    "a client publishes on " + TOPICS.get(topic), simulation -> simulation.clientPublishes(topic));
        } else if (dice < 52) {
            return subscribes(random);
        } else if (dice < 55) {
            return new Action<>("listener " + which + " is closed", simulation -> simulation.closes(which));
        } else if (dice < 69) {
            boolean hasThread = random.nextInt(3) > 0;
            int millis = List.of(0, 0, 3, 200).get(random.nextInt(4));
            return new Action<>(
                    "listener " + which + (hasThread ? " is served, calls take " + millis + " ms" : " has no thread"),
                    simulation -> simulation.isServed(which, hasThread, millis));
        } else if (dice < 73) {
            ListenerOptions options = ListenerOptions.random(random);
            return new Action<>(
                    "a loop polls " + TOPICS.get(topic) + " " + options.ofInput(),
                    simulation -> simulation.polls(topic, options));
        } else if (dice < 80) {
            boolean received = random.nextBoolean();
            return new Action<>("loop " + which + " takes all", simulation -> simulation.drains(which, received));
        } else if (dice < 82) {
            return new Action<>("the robot clears " + TOPICS.get(topic), simulation -> simulation.clears(topic));
        } else if (dice < 84) {
            int seconds = random.nextInt(4_000) - 2_000;
            return new Action<>("the wall clock jumps by " + seconds + " s", s -> s.jumpWallClock(seconds));
        }
        int most = List.of(3, 30, 300, 3_000).get(random.nextInt(4));
        long nanos = 1L + random.nextInt(most * 1_000) * 1_000L;
        return new Action<>(nanos + " ns go by", simulation -> simulation.advance(nanos));
    }

    private static Action<ListenerSimulation> subscribes(Random random) {
        int topic = random.nextInt(TOPICS.size() + 1);
        boolean received = random.nextBoolean();
        ListenerOptions options = ListenerOptions.random(random);
        String what = topic < TOPICS.size() ? TOPICS.get(topic) : ListenerSimulation.ALL;
        return new Action<>(
                "a listener of " + what + (received ? ", with publishers, " : " ") + options,
                simulation -> simulation.subscribes(topic, received, options));
    }
}
