package io.github.robotstream.protocol;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** A verifier that knows some tokens by heart. It blocks on those that a test says, until it is released. */
final class TokenTable implements TokenVerifier {
    /** What it was asked, in order. */
    final List<AccessRequest> asked = new CopyOnWriteArrayList<>();

    private final Map<String, Supplier<ClientPrincipal>> owners = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean entered;

    TokenTable with(String token, Supplier<ClientPrincipal> owner) {
        owners.put(token, owner);
        return this;
    }

    TokenTable with(String token, ClientPrincipal owner) {
        return with(token, () -> owner);
    }

    /** A token at which it blocks. */
    TokenTable blockingOn(String token, ClientPrincipal owner) {
        return with(token, () -> {
            entered = true;
            awaitRelease();
            return owner;
        });
    }

    @Override
    public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException, IOException {
        asked.add(request);
        String token = request.token().orElse("");
        if (token.startsWith("offline")) {
            throw new IOException("no answer about " + token);
        }
        if (token.startsWith("expired")) {
            throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_EXPIRED, token + " is too old");
        }
        Supplier<ClientPrincipal> owner = owners.get(token);
        if (owner == null) {
            throw new TokenRejectedException(
                    TokenRejectedException.Reason.TOKEN_INVALID, "nobody knows the token " + token);
        }
        return owner.get();
    }

    /** Whether it blocks, or has. */
    boolean isEntered() {
        return entered;
    }

    void release() {
        released.countDown();
    }

    private void awaitRelease() {
        boolean wasInterrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
