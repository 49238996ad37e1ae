package io.github.robotstream.examples.robot;

import java.util.List;

/** A drive with two wheels and a head that looks about, as far as a demonstration needs physics. For one thread. */
final class DriveBase {
    private static final double MAX_LINEAR = 1.5;
    private static final double MAX_ANGULAR = 2.0;
    private static final double LINEAR_ACCELERATION = 1.0;
    private static final double ANGULAR_ACCELERATION = 4.0;
    private static final double WHEEL_RADIUS = 0.08;
    private static final double HALF_TRACK = 0.15;
    private static final double HEAD_SWAY = 0.6;
    private static final List<String> JOINTS = List.of("left_wheel", "right_wheel", "head_yaw");

    private double linear;
    private double angular;
    private double x;
    private double y;
    private double heading;
    private double leftWheel;
    private double rightWheel;
    private double age;

    /** Moves on by a moment, towards the commanded speed as fast as the motors can. */
    void step(Twist command, double seconds) {
        linear = towards(linear, within(command.linear(), MAX_LINEAR), LINEAR_ACCELERATION * seconds);
        angular = towards(angular, within(command.angular(), MAX_ANGULAR), ANGULAR_ACCELERATION * seconds);
        // The heading halfway through the moment keeps the error of a curve small.
        double between = heading + angular * seconds / 2;
        x += linear * Math.cos(between) * seconds;
        y += linear * Math.sin(between) * seconds;
        heading = wrapped(heading + angular * seconds);
        leftWheel += leftWheelRate() * seconds;
        rightWheel += rightWheelRate() * seconds;
        age += seconds;
    }

    Twist velocity() {
        return new Twist(linear, angular);
    }

    Pose pose() {
        return new Pose(x, y, heading);
    }

    /** Where the head looks, from straight ahead to the left, in rad. */
    double headYaw() {
        return HEAD_SWAY * Math.sin(age);
    }

    JointStates joints() {
        return new JointStates(
                JOINTS,
                List.of(leftWheel, rightWheel, headYaw()),
                List.of(leftWheelRate(), rightWheelRate(), HEAD_SWAY * Math.cos(age)));
    }

    private double leftWheelRate() {
        return (linear - angular * HALF_TRACK) / WHEEL_RADIUS;
    }

    private double rightWheelRate() {
        return (linear + angular * HALF_TRACK) / WHEEL_RADIUS;
    }

    private static double within(double value, double most) {
        return Math.max(-most, Math.min(most, value));
    }

    private static double towards(double present, double wanted, double most) {
        return present + within(wanted - present, most);
    }

    private static double wrapped(double angle) {
        return angle > Math.PI ? angle - 2 * Math.PI : angle <= -Math.PI ? angle + 2 * Math.PI : angle;
    }
}
