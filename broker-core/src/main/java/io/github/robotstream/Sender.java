package io.github.robotstream;

import java.util.Objects;
import java.util.Optional;

/**
 * The origin of a message, a call or a lease: robot code, or a client with its session and its principal. Immutable.
 *
 * <pre>{@code
 * broker.subscribeReceived(CMD_VEL, command -> {
 *     Sender by = command.sender();
 *     log.info("{} commands, in session {}", by.name(), by.session().orElse("none, it is robot code"));
 * });
 * }</pre>
 *
 * @param name the principal's name, or {@code robot} for robot code; a principal may have that name too
 * @param session the session's id, as in {@link SessionSnapshot#id()}; empty for robot code and for messages restored from a store
 * @param principal the client's identity according to its token at the time of publishing; empty if {@code session} is
 */
public record Sender(String name, Optional<String> session, Optional<ClientPrincipal> principal) {
    /** Refuses null. */
    public Sender {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(principal, "principal");
    }

    /** Robot code. */
    public static final Sender ROBOT = new Sender("robot", Optional.empty(), Optional.empty());

    /** Returns the name and the session. */
    @Override
    public String toString() {
        return name + session.map(id -> " (" + id + ")").orElse("");
    }
}
