package io.github.robotstream.examples.robot;

/**
 * How fast the robot drives or shall drive. One that is not finite cannot be made, so a client that sends such a command
 * is refused by the broker and the control loop never sees it.
 *
 * @param linear forwards, in m/s
 * @param angular turning left, in rad/s
 */
public record Twist(double linear, double angular) {
    /** Standing still. */
    public static final Twist STOP = new Twist(0, 0);

    public Twist {
        if (!Double.isFinite(linear) || !Double.isFinite(angular)) {
            throw new IllegalArgumentException(
                    "twist of " + linear + " m/s and " + angular + " rad/s: both have to be finite");
        }
    }
}
