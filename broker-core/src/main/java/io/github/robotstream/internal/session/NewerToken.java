package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Auth;
import io.github.robotstream.spi.AccessRequest;
import java.util.function.Consumer;

/** A newer token of a session's client. */
final class NewerToken extends PendingVerdict {
    private final Auth request;
    private final ClientPrincipal present;
    private final Consumer<Incoming> onVerdict;

    NewerToken(
            Auth request,
            AccessRequest access,
            ClientPrincipal present,
            AccessContext context,
            Consumer<Incoming> onVerdict) {
        super(access, context);
        this.request = request;
        this.present = present;
        this.onVerdict = onVerdict;
    }

    /** The token has to be of the same subject: frames and logs name the session by it. */
    @Override
    void admit(ClientPrincipal principal) {
        if (!principal.name().equals(present.name())) {
            refuse(AccessRefusal.OTHER_SUBJECT);
        } else if (claim()) {
            onVerdict.accept(new Incoming.Renewed(request.id(), principal));
        }
    }

    @Override
    void tell(AccessRefusal refusal) {
        onVerdict.accept(new Incoming.NotRenewed(refusal.answering(request), refusal.detail()));
    }
}
