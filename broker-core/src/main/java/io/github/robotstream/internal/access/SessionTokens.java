package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.spi.AccessRequest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has the newer tokens of one session judged.
 *
 * @param first what the client came with, without its token
 * @param judge begins to judge one
 */
record SessionTokens(AccessRequest first, AccessContext context, Consumer<NewerToken> judge) implements TokenJudge {
    @Override
    public void begin(Auth request, ClientPrincipal present, Listener listener) {
        AccessRequest access = first.renewal(Optional.of(request.token()), present)
                .withCertificates(CertificateAccess.inForce(
                        first.certificates(), context.clock().now()));
        judge.accept(new NewerToken(request, access, present, context, listener));
    }
}
