package io.github.robotstream.client;

import java.io.IOException;

/**
 * There is no connection now, or it was lost before the answer came; the client is on its way back. A publish or call that fails so may
 * have arrived or not. None is kept for later or made again: a robot must not act on old commands.
 *
 * <pre>{@code
 * robot.publish(CMD_VEL, new Twist(0.5, 0)).exceptionally(failed -> {
 *     if (failed instanceof DisconnectedException) {
 *         log.warn("the robot may have heard that or not");
 *     }
 *     return null;
 * });
 * }</pre>
 */
public final class DisconnectedException extends IOException {
    private static final long serialVersionUID = 1L;

    DisconnectedException(String message) {
        super(message);
    }
}
