package io.github.robotstream.client;

import java.io.IOException;

/**
 * The client has stopped: it was closed, or coming back would be of no use ({@code docs/protocol.md}, Close codes).
 *
 * <pre>{@code
 * try (ClientSubscription<Double> battery = robot.subscribe(BATTERY)) {
 *     battery.next(Duration.ofSeconds(5)).ifPresent(message -> display.show(message.value() + " V"));
 * } catch (ConnectionEndedException ended) {
 *     log.error("the client stays away: {}", ended.code());
 * }
 * }</pre>
 */
public final class ConnectionEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    ConnectionEndedException(int code, String reason) {
        super(code == 0 ? reason : code + " " + reason);
        this.code = code;
    }

    /** {@return the close code, or the HTTP status of a refusal; 0 if the robot was not reached, 1000 if the client was closed} */
    public int code() {
        return code;
    }
}
