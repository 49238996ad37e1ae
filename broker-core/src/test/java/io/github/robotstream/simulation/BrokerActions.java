package io.github.robotstream.simulation;

import io.github.robotstream.simulation.Schedule.Action;
import java.util.List;
import java.util.Random;

/** What a seed makes happen to a {@link Simulation}. */
final class BrokerActions {
    private static final int ACTIONS = 60;
    private static final int[] SIZES = {0, 20, 200, 200, 1_500, 6_000};

    private BrokerActions() {}

    static Schedule<Simulation> of(long seed) {
        Random random = Schedule.dice(seed);
        Settings settings = Settings.random(random);
        return Schedule.of(
                "seed " + seed + ", " + settings, () -> new Simulation(settings), ACTIONS, () -> next(random));
    }

    private static Action<Simulation> next(Random random) {
        int client = random.nextInt(Simulation.CLIENTS);
        int dice = random.nextInt(100);
        if (dice < 22) {
            return robotPublishes(random);
        } else if (dice < 36) {
            return clientPublishes(random, client);
        } else if (dice < 56) {
            return subscribes(random, client);
        } else if (dice < 62) {
            int which = random.nextInt(8);
            boolean withId = random.nextInt(5) > 0;
            return new Action<>(
                    "c" + client + " unsubscribes " + which + (withId ? "" : " without id"),
                    simulation -> simulation.unsubscribe(client, which, withId));
        } else if (dice < 78) {
            int appetite = List.of(0, 0, 50, 1_000, 10_000, Integer.MAX_VALUE, Integer.MAX_VALUE)
                    .get(random.nextInt(7));
            return new Action<>(
                    "c" + client + " reads " + appetite + " bytes at a time",
                    simulation -> simulation.client(client).appetite = appetite);
        } else if (dice < 90) {
            return timeGoesBy(random);
        } else if (dice < 94) {
            return asks(random, client);
        } else if (dice < 97) {
            int lane = List.of(1, 2_000, 64 << 10).get(random.nextInt(3));
            return new Action<>(
                    "c" + client + " is cut or comes back, with a lane of " + lane,
                    simulation -> simulation.cutOrConnect(client, lane));
        } else if (dice < 99) {
            int messages = random.nextInt(60);
            return new Action<>("the store takes " + messages, simulation -> simulation.storeCatchesUp(messages));
        }
        boolean clean = random.nextBoolean();
        long luck = random.nextLong();
        return new Action<>(
                clean ? "the broker restarts" : "the broker crashes",
                simulation -> simulation.restart(clean, new Random(luck)));
    }

    private static Action<Simulation> robotPublishes(Random random) {
        int topic = random.nextInt(Settings.TOPICS.size());
        int count = random.nextInt(3) == 0 ? 1 + random.nextInt(50) : 1;
        int size = SIZES[random.nextInt(SIZES.length)];
        boolean settles = random.nextInt(3) > 0;
        return new Action<>(
                "robot publishes " + count + " of " + size + " on " + Settings.TOPICS.get(topic)
                        + (settles ? "" : ", and no more"),
                simulation -> {
                    simulation.robotPublishes(topic, count, size);
                    if (settles) {
                        simulation.settle();
                    }
                });
    }

    private static Action<Simulation> clientPublishes(Random random, int client) {
        int topic = random.nextInt(Settings.TOPICS.size());
        int count = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 1;
        int size = SIZES[random.nextInt(SIZES.length)];
        boolean withId = random.nextBoolean();
        boolean echo = random.nextInt(5) > 0;
        int age = random.nextInt(4) == 0 ? random.nextInt(200) : -1;
        int settles = random.nextInt(3);
        return new Action<>(
                "c" + client + " publishes " + count + " of " + size + " on " + Settings.TOPICS.get(topic)
                        + (withId ? " with id" : "") + (echo ? "" : " without echo")
                        + (age < 0 ? "" : " made " + age + " ms ago"),
                simulation -> {
                    for (int i = 0; i < count; i++) {
                        simulation.clientPublishes(client, topic, size, withId, echo, age);
                    }
                    if (settles == 1) {
                        simulation.step();
                    } else if (settles == 2) {
                        simulation.settle();
                    }
                });
    }

    private static Action<Simulation> subscribes(Random random, int client) {
        List<String> filters = random.nextBoolean() ? Settings.TOPICS : Settings.FILTERS;
        String filter = filters.get(random.nextInt(filters.size()));
        String name = random.nextBoolean() ? "" : "s" + random.nextInt(2) + filter;
        Options options = Options.random(random);
        boolean withId = random.nextInt(8) > 0;
        return new Action<>(
                "c" + client + " subscribes to " + filter + " as '" + name + "' " + options.json(),
                simulation -> simulation.subscribe(client, filter, name, options, withId));
    }

    private static Action<Simulation> timeGoesBy(Random random) {
        if (random.nextInt(6) == 0) {
            int seconds = random.nextInt(4_000) - 2_000;
            return new Action<>("the wall clock jumps by " + seconds + " s", s -> s.jumpWallClock(seconds));
        }
        int most = List.of(2, 30, 500, 4_000).get(random.nextInt(4));
        int millis = 1 + random.nextInt(most);
        return new Action<>(millis + " ms go by", simulation -> simulation.advance(millis));
    }

    private static Action<Simulation> asks(Random random, int client) {
        if (random.nextInt(3) == 0) {
            int bytes = List.of(1_024, 2_500, 7_000).get(random.nextInt(3));
            return new Action<>(
                    "c" + client + " takes frames of " + bytes, simulation -> simulation.takesFrames(client, bytes));
        }
        int what = random.nextInt(3);
        return new Action<>(
                "c" + client + " asks " + List.of("hello", "ping", "topics").get(what), simulation -> {
                    SimulatedClient asking = simulation.client(client);
                    if (asking.isThere()) {
                        switch (what) {
                            case 0 -> asking.hello();
                            case 1 -> asking.ping();
                            default -> asking.topics();
                        }
                    }
                });
    }
}
