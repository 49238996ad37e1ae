package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.spi.AccessRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/** A token that gets one verdict, from the verifier or the time limit; what comes later is not told. Any thread. */
abstract sealed class PendingVerdict permits Admission, MetricsRequest, NewerToken {
    private final AccessRequest access;
    private final AccessContext context;
    private final AtomicBoolean given = new AtomicBoolean();

    PendingVerdict(AccessRequest access, AccessContext context) {
        this.access = access;
        this.context = context;
    }

    /** What the verifier is asked. */
    final AccessRequest access() {
        return access;
    }

    final AccessContext context() {
        return context;
    }

    /** The verifier takes the token, which counts if its time is not over and robot code has not denied it. */
    final void accept(ClientPrincipal principal) {
        if (principal
                .expiresAt()
                .filter(end -> !context.clock().now().isBefore(end))
                .isPresent()) {
            refuse(AccessRefusal.EXPIRED);
        } else if (context.denied().covers(principal)) {
            refuse(AccessRefusal.DENIED);
        } else {
            admit(principal);
        }
    }

    /** Refuses, and tells why; false if it had its verdict already. */
    final boolean refuse(AccessRefusal refusal) {
        boolean first = claim();
        if (first) {
            tell(refusal);
        }
        return first;
    }

    /** Whether this is the verdict; whoever is told so gives it. */
    final boolean claim() {
        return given.compareAndSet(false, true);
    }

    /** Claims the verdict and does what follows from it. */
    abstract void admit(ClientPrincipal principal);

    /** Tells the client, and the robot's own people; the verdict was claimed. */
    abstract void tell(AccessRefusal refusal);
}
