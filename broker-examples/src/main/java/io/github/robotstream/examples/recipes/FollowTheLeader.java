package io.github.robotstream.examples.recipes;

import io.github.robotstream.Topic;
import io.github.robotstream.client.ClientSubscription;
import io.github.robotstream.client.RobotStreamClient;
import io.github.robotstream.client.SubscribeOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Robot to robot with the Java client: it drives to where another one is, and stands still when it does not hear of it. */
public final class FollowTheLeader {
    /** Where a robot is, in m. */
    public record Position(double x, double y) {}

    static final Topic<Position> POSITION = Topic.state("position", "Position", Position.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private FollowTheLeader() {}

    /** Subscribes to a robot's newest position, at most ten times a second. */
    public static ClientSubscription<Position> follow(RobotStreamClient leader) {
        return leader.subscribe(POSITION, SubscribeOptions.none().rateHz(10));
    }

    /** Where to drive to; empty, that is stand still, if the leader has told nothing fresh in time. */
    public static Optional<Position> target(ClientSubscription<Position> leader)
            throws IOException, InterruptedException {
        return leader.next(PATIENCE)
                .filter(heard -> heard.age().compareTo(PATIENCE) < 0)
                .map(heard -> heard.value());
    }

    /** Takes the leader's URL and a token for it. */
    public static void main(String[] args) throws Exception {
        try (RobotStreamClient leader =
                RobotStreamClient.at(URI.create(args[0])).token(args[1]).connect()) {
            ClientSubscription<Position> positions = follow(leader);
            while (!Thread.currentThread().isInterrupted()) {
                System.out.println("drive to " + target(positions));
            }
        }
    }
}
