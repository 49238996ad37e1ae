package io.github.robotstream.examples.robot;

import static io.github.robotstream.examples.robot.RobotTopics.BATTERY_VOLTAGE;
import static io.github.robotstream.examples.robot.RobotTopics.CMD_VEL;
import static io.github.robotstream.examples.robot.RobotTopics.COMMAND_LIFETIME;
import static io.github.robotstream.examples.robot.RobotTopics.CURRENT_FOCUS;
import static io.github.robotstream.examples.robot.RobotTopics.IS_BALANCING;
import static io.github.robotstream.examples.robot.RobotTopics.JOINT_STATES;
import static io.github.robotstream.examples.robot.RobotTopics.POSE;
import static io.github.robotstream.examples.robot.RobotTopics.STOP;
import static io.github.robotstream.examples.robot.RobotTopics.VELOCITY;

import io.github.robotstream.Input;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A robot's control loop as one would write it around the broker: it polls its commands, moves, and publishes. None of
 * that waits for a client, so the loop keeps its 100 Hz whoever listens.
 */
public final class SimulatedRobot {
    static final Duration PERIOD = Duration.ofMillis(10);
    private static final double SECONDS = 0.01;
    private static final int TICKS_UPRIGHT = 1_000;
    private static final int TICKS_PER_LOOK = 700;
    private static final List<String> SIGHTS = List.of("door", "person", "charger");

    private final RobotStreamBroker broker;
    private final HeadCamera camera;
    private final ControlLoop loop = new ControlLoop(PERIOD);
    private final DriveBase base = new DriveBase();
    private final Docking docking;
    private final Map<Topic<?>, Object> told = new HashMap<>();
    private volatile boolean stopped;
    private long tick;
    private long lastMoved;

    /**
     * A robot at rest, which clients can call to its dock.
     *
     * @param broker where it publishes and is commanded; it should know the topics, see {@link RobotTopics#declare}
     * @param camera the one in its head; it films if it is the broker's listener
     */
    public SimulatedRobot(RobotStreamBroker broker, HeadCamera camera) {
        this.broker = broker;
        this.camera = camera;
        camera.showOn(broker);
        broker.subscribe(STOP, value -> stopped = value);
        this.docking = new Docking(broker.lease(CMD_VEL));
        broker.handle(Docking.SERVICE, Docking.Dock.class, Docking.Docked.class, docking::dock);
    }

    /** Runs the robot on the calling thread until {@link #stop} is called or the thread is interrupted. */
    public void run() {
        // Only the newest command counts, so a queue of one is enough.
        try (Input<Twist> commands = broker.input(CMD_VEL, settings -> settings.queueLimit(1))) {
            loop.run(() -> {
                step(commands);
                camera.lookFrom(base.pose(), base.headYaw());
            });
        }
    }

    /** Ends {@link #run} after the present step. May be called by any thread. */
    public void stop() {
        loop.stop();
    }

    /** One turn of the control loop, which does not wait for anything. */
    void step(Input<Twist> commands) {
        Twist toDock = docking.command(base.pose());
        Twist wanted = docking.isActive() ? toDock : commands.latestOr(Twist.STOP, COMMAND_LIFETIME);
        base.step(stopped ? Twist.STOP : wanted, SECONDS);
        if (!base.velocity().equals(Twist.STOP)) {
            lastMoved = tick;
        }
        publish();
        tick++;
    }

    private void publish() {
        broker.publish(JOINT_STATES, base.joints());
        if (tick % 2 == 0) {
            broker.publish(POSE, base.pose());
        }
        if (tick % 10 == 0) {
            broker.publish(VELOCITY, base.velocity());
        }
        if (tick % 100 == 0) {
            broker.publish(BATTERY_VOLTAGE, volts());
        }
        publishChange(CURRENT_FOCUS, SIGHTS.get((int) (tick / TICKS_PER_LOOK % SIGHTS.size())));
        boolean upright = tick - lastMoved < TICKS_UPRIGHT;
        if (publishChange(IS_BALANCING, upright)) {
            broker.log(LogEntry.of(Level.INFO, "balance", upright ? "stood up" : "sat down"));
        }
    }

    /** State topics keep their last value for late subscribers, so telling a change once is enough. */
    private <T> boolean publishChange(Topic<T> topic, T value) {
        return !value.equals(told.put(topic, value)) && broker.publish(topic, value);
    }

    /** A full battery that lasts an hour, and gives way a little while the robot drives. */
    private double volts() {
        double seconds = tick * SECONDS;
        double volts = Math.max(21.0, 25.2 - seconds * 4.2 / 3600)
                - 0.3 * Math.abs(base.velocity().linear());
        return Math.round(volts * 100) / 100.0;
    }
}
