package io.github.robotstream.simulation;

import io.github.robotstream.simulation.Schedule.Action;
import io.github.robotstream.spi.LogEntry;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What a seed makes happen to a {@link TokenSimulation}. */
final class TokenActions {
    private static final int ACTIONS = 60;
    private static final List<LogEntry.Level> LEVELS = List.of(LogEntry.Level.values());
    /** In milliseconds; 0 for tokens without an end. */
    private static final List<Integer> TTLS = List.of(0, 0, 700, 5_000, 100_000);

    private TokenActions() {}

    static Schedule<TokenSimulation> of(long seed) {
        Random random = Schedule.dice(seed);
        return Schedule.of("tokens, seed " + seed, TokenSimulation::new, ACTIONS, () -> next(random));
    }

    private static Action<TokenSimulation> next(Random random) {
        int client = random.nextInt(TokenSimulation.CLIENTS);
        String who = "c" + client + " ";
        String topic = TokenSimulation.TOPICS.get(random.nextInt(TokenSimulation.TOPICS.size()));
        int rights = random.nextInt(TokenSimulation.RIGHTS.size());
        int ttl = TTLS.get(random.nextInt(TTLS.size()));
        int dice = random.nextInt(100);
        if (dice < 4) {
            int count = 1 + random.nextInt(5);
            return new Action<>(
                    "the robot publishes " + count + " images", simulation -> simulation.robotPublishesBytes(count));
        } else if (dice < 16) {
            int count = random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 1;
            return new Action<>(
                    "the robot publishes " + count + " on " + topic,
                    simulation -> simulation.robotPublishes(topic, count));
        } else if (dice < 28) {
            LogEntry.Level level = LEVELS.get(random.nextInt(LEVELS.size()));
            return new Action<>("the robot logs at " + level, simulation -> simulation.robotLogs(level));
        } else if (dice < 56) {
            Action<TokenSimulation> asks = asks(random, client);
            return new Action<>(asks.text(), simulation -> {
                asks.deed().accept(simulation);
                simulation.settle();
            });
        } else if (dice < 68) {
            Action<TokenSimulation> next = asks(random, client);
            boolean goesOn = random.nextBoolean();
            Consumer<TokenSimulation> nothing = simulation -> {};
            return new Action<>(
                    who + "renews with rights " + rights + " for " + ttl + " ms" + (goesOn ? ", " + next.text() : ""),
                    simulation -> simulation.renews(client, rights, ttl, goesOn ? next.deed() : nothing));
        } else if (dice < 72) {
            int kind = random.nextInt(3);
            return new Action<>(who + "renews in vain, " + kind, simulation -> simulation.renewsInVain(client, kind));
        } else if (dice < 80) {
            return new Action<>(
                    who + "is cut or comes back with rights " + rights + " for " + ttl + " ms",
                    simulation -> simulation.cutOrConnect(client, rights, ttl));
        } else if (dice < 86) {
            boolean reads = random.nextInt(3) > 0;
            return new Action<>(who + "reads: " + reads, simulation -> simulation.reads(client, reads));
        } else if (dice < 90) {
            int seconds = (2 + random.nextInt(100)) * (random.nextInt(3) == 0 ? 1 : -1);
            return new Action<>("the wall clock jumps by " + seconds + " s", s -> s.stepWallClock(seconds));
        }
        int millis = 1 + random.nextInt(List.of(30, 1_000, 6_000).get(random.nextInt(3)));
        return new Action<>(millis + " ms go by", simulation -> simulation.advance(millis * 1_000_000L));
    }

    private static Action<TokenSimulation> asks(Random random, int client) {
        String who = "c" + client + " ";
        if (random.nextInt(3) == 0) {
            String topic = TokenSimulation.TOPICS.get(random.nextInt(TokenSimulation.TOPICS.size()));
            return new Action<>(who + "publishes on " + topic, simulation -> simulation.publishes(client, topic));
        }
        String filter = TokenSimulation.FILTERS.get(random.nextInt(TokenSimulation.FILTERS.size()));
        LogEntry.Level level = LEVELS.get(random.nextInt(LEVELS.size()));
        return new Action<>(
                who + "subscribes to " + filter + " from " + level,
                simulation -> simulation.subscribes(client, filter, level));
    }
}
