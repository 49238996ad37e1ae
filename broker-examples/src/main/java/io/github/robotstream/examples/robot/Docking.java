package io.github.robotstream.examples.robot;

import io.github.robotstream.ControlLease;
import io.github.robotstream.ServiceCall;

/**
 * The service {@code robot.dock}: drives the robot back to where it began. Meanwhile it has the lease of commands, so that nobody else
 * drives; who called stops it by a cancel. The control loop asks for the command and never waits; the call has a thread of its own.
 */
final class Docking {
    static final String SERVICE = "robot.dock";

    private static final double NEAR = 0.05; // m
    private static final double SLOWEST = 0.1; // m/s
    private static final double FASTEST = 1.0;
    private static final double STRAIGHT = 0.3; // rad
    private static final long LOOK_MILLIS = 50;

    private final ControlLease lease;
    private volatile double speed; // 0 while nobody calls
    private volatile double distance;

    /**
     * What a client asks for.
     *
     * @param speed in m/s; from 0.1 to 1
     */
    record Dock(double speed) {}

    /** How far there is to go, in m. */
    record Left(double metres) {}

    /** Whether it is there. */
    record Docked(boolean docked) {}

    Docking(ControlLease lease) {
        this.lease = lease;
    }

    /** Drives until the robot is there, or nobody waits any more. */
    Docked dock(Dock request, ServiceCall call) throws InterruptedException {
        lease.take();
        speed = Math.min(Math.max(request.speed(), SLOWEST), FASTEST);
        try {
            while (distance > NEAR && !call.isCancelled()) {
                call.progress(new Left(distance));
                Thread.sleep(LOOK_MILLIS);
            }
            return new Docked(distance <= NEAR);
        } finally {
            speed = 0;
            lease.release();
        }
    }

    /** Whether it drives. */
    boolean isActive() {
        return speed > 0;
    }

    /** What to drive now; called by the control loop at each step. */
    Twist command(Pose at) {
        distance = Math.hypot(at.x(), at.y());
        double wanted = Math.min(speed, distance);
        if (speed == 0 || distance <= NEAR) {
            return Twist.STOP;
        }
        double turn = Math.IEEEremainder(Math.atan2(-at.y(), -at.x()) - at.heading(), 2 * Math.PI);
        return new Twist(Math.abs(turn) < STRAIGHT ? wanted : 0, 2 * turn);
    }
}
