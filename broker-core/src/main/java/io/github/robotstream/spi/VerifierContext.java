package io.github.robotstream.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The broker that a {@link TokenVerifier} judges for. Immutable; may be used by several threads.
 *
 * <pre>{@code
 * class Badges implements TokenVerifier {
 *     @Override
 *     public TokenVerifier forBroker(VerifierContext context) {
 *         context.tell(LogEntry.Level.INFO, "badges_read", "there are 12 badges");
 *         return this;
 *     }
 *
 *     @Override
 *     public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
 *         throw new TokenRejectedException(Reason.TOKEN_INVALID, "none is let in yet");
 *     }
 * }
 * }</pre>
 */
public final class VerifierContext {
    private final Optional<String> brokerName;
    private final Consumer<LogEntry.Builder> log;

    /**
     * A broker, as its verifier sees it.
     *
     * @param brokerName the name that the program gave it, or empty if it gave none
     * @param log where entries go; never blocks and never throws
     */
    public VerifierContext(Optional<String> brokerName, Consumer<LogEntry.Builder> log) {
        this.brokerName = Objects.requireNonNull(brokerName, "brokerName");
        this.log = Objects.requireNonNull(log, "log");
    }

    /** {@return the name that the program gave the broker, or empty if it gave none: a default name is no identity} */
    public Optional<String> brokerName() {
        return brokerName;
    }

    /**
     * Tells the broker's log, not the client. Never blocks.
     *
     * @param level how bad it is
     * @param event a word for programs, in lower case with underscores
     * @param message what happened and what to do, for people; without any part of a token or key
     */
    public void tell(LogEntry.Level level, String event, String message) {
        log.accept(LogEntry.builder(LogEntry.Origin.BROKER, level, event, message));
    }

    @Override
    public String toString() {
        return "VerifierContext[" + brokerName.orElse("unnamed broker") + "]";
    }
}
