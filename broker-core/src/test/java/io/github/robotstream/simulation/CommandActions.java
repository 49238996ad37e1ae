package io.github.robotstream.simulation;

import io.github.robotstream.simulation.CommandModel.Rules;
import io.github.robotstream.simulation.Schedule.Action;
import java.util.List;
import java.util.Random;

/** What a seed makes happen to a {@link CommandSimulation}. */
final class CommandActions {
    private static final int ACTIONS = 80;
    private static final List<String> TOPICS = List.of("drive", "arm");
    private static final int[] SILENCES = {20, 200, 700};
    private static final int[] TTLS = {100, 250, 1_000};

    private CommandActions() {}

    static Schedule<CommandSimulation> of(long seed) {
        Random random = Schedule.dice(seed);
        List<Rules> rules = TOPICS.stream().map(topic -> rules(topic, random)).toList();
        return Schedule.of(
                "commands, seed " + seed + ", " + rules,
                () -> new CommandSimulation(rules),
                ACTIONS,
                () -> next(random));
    }

    private static Rules rules(String topic, Random random) {
        int lease = random.nextInt(4);
        return new Rules(topic, SILENCES[random.nextInt(SILENCES.length)] * 1_000_000L, lease > 0, lease == 3);
    }

    private static Action<CommandSimulation> next(Random random) {
        Action<CommandSimulation> action = deed(random);
        boolean settles = random.nextInt(3) > 0;
        return new Action<>(action.text() + (settles ? "" : ", and it goes on"), simulation -> {
            action.deed().accept(simulation);
            if (settles) {
                simulation.settle();
            }
        });
    }

    private static Action<CommandSimulation> deed(Random random) {
        int client = random.nextInt(CommandSimulation.CLIENTS);
        int topic = random.nextInt(3) == 0 ? 1 : 0;
        String who = "c" + client + " ";
        int dice = random.nextInt(100);
        if (dice < 30) {
            boolean withId = random.nextBoolean();
            return new Action<>(
                    who + "commands " + TOPICS.get(topic) + (withId ? " with id" : ""),
                    simulation -> simulation.commands(client, topic, withId));
        } else if (dice < 42) {
            int ttl = TTLS[random.nextInt(TTLS.length)];
            return new Action<>(
                    who + "acquires " + TOPICS.get(topic) + " for " + ttl + " ms",
                    simulation -> simulation.acquires(client, topic, ttl));
        } else if (dice < 47) {
            return new Action<>(
                    who + "releases " + TOPICS.get(topic), simulation -> simulation.releases(client, topic));
        } else if (dice < 65) {
            return timeGoesBy(random);
        } else if (dice < 72) {
            return new Action<>(who + "is cut or comes back", simulation -> simulation.cutOrConnect(client));
        } else if (dice < 75) {
            return new Action<>(who + "is cut in the middle", simulation -> simulation.cutInTheMiddle(client));
        } else if (dice < 80) {
            boolean reads = random.nextBoolean();
            return new Action<>(who + "reads: " + reads, simulation -> simulation.reads(client, reads));
        }
        return robotDoes(random, topic);
    }

    private static Action<CommandSimulation> timeGoesBy(Random random) {
        if (random.nextInt(3) == 0) {
            boolean toIt = random.nextBoolean();
            return new Action<>(
                    "time goes by until " + (toIt ? "" : "just before ") + "something is due",
                    simulation -> simulation.advanceToNextDue(toIt));
        }
        int most = List.of(3, 30, 300, 1_500).get(random.nextInt(4));
        long nanos = 1L + random.nextInt(most * 1_000_000);
        return new Action<>(nanos + " ns go by", simulation -> simulation.advance(nanos));
    }

    private static Action<CommandSimulation> robotDoes(Random random, int topic) {
        String name = TOPICS.get(topic);
        boolean value = random.nextBoolean();
        return switch (random.nextInt(5)) {
            case 0, 1 -> new Action<>("the robot commands " + name, simulation -> simulation.robotCommands(topic));
            case 2 ->
                new Action<>(
                        "the robot " + (value ? "takes " : "ends the lease of ") + name,
                        simulation -> simulation.robotLeases(topic, value));
            case 3 -> new Action<>("the robot listens: " + value, simulation -> simulation.robotListens(value));
            default -> new Action<>("the robot drains " + name, simulation -> simulation.drain(topic));
        };
    }
}
