package io.github.robotstream;

import java.util.Objects;
import java.util.Optional;

/**
 * Who publishes: robot code, or a client with its session and its principal. Immutable.
 *
 * <pre>{@code
 * broker.subscribeReceived(CMD_VEL, command -> {
 *     Publisher by = command.publisher();
 *     log.info("{} commands, in session {}", by.name(), by.session().orElse("none, it is robot code"));
 * });
 * }</pre>
 *
 * @param name a principal's name, or {@code robot} for robot code; a principal may be called that too
 * @param session the session's id, as in {@link SessionSnapshot#id()}; empty for robot code, and for what a store gave back
 * @param principal who the client is, by the token that it had when it published; empty as the session is
 */
public record Publisher(String name, Optional<String> session, Optional<ClientPrincipal> principal) {
    /** Refuses null. */
    public Publisher {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(principal, "principal");
    }

    /** Robot code. */
    public static final Publisher ROBOT = new Publisher("robot", Optional.empty(), Optional.empty());

    /** Returns the name and the session. */
    @Override
    public String toString() {
        return name + session.map(id -> " (" + id + ")").orElse("");
    }
}
