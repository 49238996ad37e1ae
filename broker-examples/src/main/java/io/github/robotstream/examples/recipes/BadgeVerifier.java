package io.github.robotstream.examples.recipes;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenRejectedException.Reason;
import io.github.robotstream.spi.TokenVerifier;
import java.util.Map;

/** A verifier of one's own: tokens are the numbers of badges. */
public final class BadgeVerifier implements TokenVerifier {
    private final Map<String, String> ownersByBadge;

    public BadgeVerifier(Map<String, String> ownersByBadge) {
        this.ownersByBadge = Map.copyOf(ownersByBadge);
    }

    @Override
    public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
        String badge = request.token()
                .filter(token -> !token.isEmpty())
                .orElseThrow(() -> new TokenRejectedException(Reason.TOKEN_MISSING, "hold your badge to the reader"));
        String owner = ownersByBadge.get(badge);
        if (owner == null) {
            throw new TokenRejectedException(Reason.TOKEN_INVALID, "this badge is not known here");
        }
        return ClientPrincipal.of(owner, Permissions.none().subscribe("pose", "joints/#"));
    }

    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(Integer.getInteger("port", 8765))
                .tokenVerifier(new BadgeVerifier(Map.of("4711", "the night watch")))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.awaitClose();
    }
}
