package io.github.robotstream.examples.robot;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the robot tells and what it listens to. */
public final class RobotTopics {
    /** Volts, once a second. */
    public static final Topic<Double> BATTERY_VOLTAGE = Topic.state("battery_voltage", "float", Double.class);

    /** Where the robot is, 50 times a second. */
    public static final Topic<Pose> POSE = Topic.state("pose", "Pose", Pose.class);

    /** Wheels and head, 100 times a second. */
    public static final Topic<JointStates> JOINT_STATES = Topic.state("joint_states", "JointStates", JointStates.class);

    /** How fast it drives, 10 times a second. */
    public static final Topic<Twist> VELOCITY = Topic.state("velocity", "Twist", Twist.class);

    /** Whether it stands upright on its two wheels; told when that changes. */
    public static final Topic<Boolean> IS_BALANCING = Topic.state("is_balancing", "bool", Boolean.class);

    /** What it looks at; told when that changes. */
    public static final Topic<String> CURRENT_FOCUS = Topic.state("current_focus", "string", String.class);

    /** What the camera in its head sees, ten times a second while somebody looks. */
    public static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/png");

    /** A command counts for so long: a robot that nobody commands any more stops, or at once if who commanded is gone. */
    static final Duration COMMAND_LIFETIME = Duration.ofMillis(500);

    /** How fast it shall drive: a command, so it is neither kept nor given to a robot that starts later. Who wants to drive alone takes its lease. */
    public static final Topic<Twist> CMD_VEL = Topic.command("cmd_vel", "Twist", Twist.class);

    /** Stops the robot with {@code true}, and lets it drive again with {@code false}, whoever holds the lease of {@link #CMD_VEL}. */
    public static final Topic<Boolean> STOP = Topic.command("stop", Boolean.class);

    /** What clients may call: {@code robot.dock}, with {@code {"speed":0.5}}, has the robot drive back to where it began. */
    public static final List<String> SERVICES = List.of(Docking.SERVICE);

    private static final List<Topic<?>> STATE =
            List.of(BATTERY_VOLTAGE, POSE, JOINT_STATES, VELOCITY, IS_BALANCING, CURRENT_FOCUS, CAMERA);

    private RobotTopics() {}

    /** Declares all of them, before the port opens. What the robot tells of itself no client can say in its place. */
    public static void declare(BrokerBuilder builder) {
        STATE.forEach(topic -> builder.topic(topic, TopicSettings::robotOnly));
        builder.topic(
                CMD_VEL, topic -> topic.watchdog(COMMAND_LIFETIME, Twist.STOP).leased());
        builder.topic(STOP, topic -> topic.stop(true));
    }

    /** {@return the names of all of them} */
    public static List<String> names() {
        return Stream.concat(STATE.stream(), Stream.of(CMD_VEL, STOP))
                .map(Topic::name)
                .toList();
    }
}
