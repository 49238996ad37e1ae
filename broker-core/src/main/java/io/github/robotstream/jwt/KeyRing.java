package io.github.robotstream.jwt;

import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All keys of a verifier, wherever they come from: first those that are at hand, then those that may have to be fetched. */
record KeyRing(List<KeySource> sources) {
    KeyRing {
        sources = List.copyOf(sources);
    }

    /** The key that a token was signed with; an IOException if none did it and a source could not be asked. */
    JwtKey signer(CompactToken token, JoseHeader header) throws TokenRejectedException, IOException {
        byte[] signedBytes = token.signedBytes();
        byte[] signature = token.signature();
        boolean tried = false;
        Optional<IOException> missing = Optional.empty();
        for (KeySource source : sources) {
            try {
                for (JwtKey key :
                        source.keysFor(header.algorithm(), header.keyId()).keys()) {
                    tried = true;
                    if (key.signed(signedBytes, signature)) {
                        return key;
                    }
                }
            } catch (IOException e) {
                missing = Optional.of(e);
            }
        }
        if (missing.isPresent()) {
            throw missing.get();
        }
        throw Rejections.because(tried ? WRONG_SIGNATURE : noKeyFor(header));
    }

    private static final String WRONG_SIGNATURE =
            "token's signature is wrong: it was made with another key, or the token was changed";

    private String noKeyFor(JoseHeader header) {
        Set<JwtAlgorithm> accepted =
                sources.stream().flatMap(source -> source.algorithms().stream()).collect(Collectors.toSet());
        if (JwtAlgorithm.named(header.algorithm()).filter(accepted::contains).isPresent()) {
            return "token names a key (kid) that is not known here: the issuer has another one, or not yet told it";
        }
        if (accepted.isEmpty()) {
            return this + " has no usable key";
        }
        return accepted.size() == 1
                ? "token is not signed with " + JwtAlgorithm.list(accepted) + ", the one algorithm accepted here"
                : "token is signed with none of the algorithms accepted here: " + JwtAlgorithm.list(accepted);
    }

    boolean hasPublicKeys() {
        return sources.stream().anyMatch(KeySource::hasPublicKeys);
    }

    boolean mayBlock() {
        return sources.stream().anyMatch(KeySource::mayBlock);
    }

    void tellEvents(Consumer<KeySetEvent> listener) {
        for (KeySource source : sources) {
            source.takeEvent().ifPresent(listener);
        }
    }

    @Override
    public String toString() {
        return sources.stream().map(KeySource::toString).collect(Collectors.joining(", "));
    }
}
