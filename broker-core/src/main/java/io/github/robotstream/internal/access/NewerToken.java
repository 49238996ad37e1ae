package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.spi.AccessRequest;

/** A newer token of a session's client. */
final class NewerToken extends PendingVerdict {
    private final Auth request;
    private final ClientPrincipal present;
    private final TokenJudge.Listener listener;

    NewerToken(
            Auth request,
            AccessRequest access,
            ClientPrincipal present,
            AccessContext context,
            TokenJudge.Listener listener) {
        super(access, context);
        this.request = request;
        this.present = present;
        this.listener = listener;
    }

    /** The token has to be of the same subject: frames and logs name the session by it. */
    @Override
    void admit(ClientPrincipal principal) {
        if (!principal.name().equals(present.name())) {
            refuse(AccessRefusal.OTHER_SUBJECT);
        } else if (claim()) {
            listener.renewed(principal);
        }
    }

    @Override
    void tell(AccessRefusal refusal) {
        listener.notRenewed(refusal.answering(request), refusal.detail());
    }
}
