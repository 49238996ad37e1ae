package io.github.robotstream.internal.routing;

import io.github.robotstream.ClientPrincipal;
import java.util.Optional;

/**
 * Who publishes; one object for all that a session publishes with one token. Immutable.
 *
 * @param name what subscribers are told: a principal's name, or a word of ours, which a principal may be called too
 * @param session the session's id, or empty for code in this process and for what a store gave back
 * @param principal of a client in this run
 */
public record Publisher(String name, String session, Optional<ClientPrincipal> principal) {
    /** Java code. */
    public static final Publisher ROBOT = ofName("robot");
    /** The broker itself. */
    public static final Publisher BROKER = ofName("broker");

    /** One of whom only the name is known. */
    static Publisher ofName(String name) {
        return new Publisher(name, "", Optional.empty());
    }

    public static Publisher client(String session, ClientPrincipal principal) {
        return new Publisher(principal.name(), session, Optional.of(principal));
    }
}
