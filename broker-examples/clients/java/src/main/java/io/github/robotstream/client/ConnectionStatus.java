package io.github.robotstream.client;

import java.time.Duration;

/**
 * What has become of the connection.
 *
 * <pre>{@code
 * RobotStreamClient robot = RobotStreamClient.at(URI.create("ws://robot-17.local:8765"))
 *         .onStatus(status -> log.info("{} {}, next attempt in {}", status.state(), status.reason(), status.delay()))
 *         .connect();
 * }</pre>
 *
 * @param code the close code or HTTP status, 0 where none was told
 * @param reason what was said with it
 * @param delay until the next attempt, if it is {@code WAITING}
 */
public record ConnectionStatus(State state, int code, String reason, Duration delay) {
    /** What happened. */
    public enum State {
        /** There is a connection. */
        CONNECTED,
        /** It was lost, or could not be had; another attempt comes. */
        WAITING,
        /** A newer token was taken. */
        RENEWED,
        /** A newer token was not to be had, or not taken; it is tried again before the session ends. */
        RENEWAL_FAILED,
        /** No attempt will come. */
        ENDED
    }

    static ConnectionStatus of(State state) {
        return new ConnectionStatus(state, 0, "", Duration.ZERO);
    }
}
