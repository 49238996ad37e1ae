package io.github.robotstream.jwt;

import io.github.robotstream.spi.TokenRejectedException;
import java.util.List;
import java.util.Optional;

/**
 * Whom a token is for (RFC 7519 section 4.1.3).
 *
 * @param any whether that does not matter
 * @param set the audience that was set
 * @param brokerName what the broker is called: the audience, if none was set
 */
record AudienceCheck(boolean any, Optional<String> set, Optional<String> brokerName) {
    AudienceCheck named(Optional<String> broker) {
        return new AudienceCheck(any, set, broker);
    }

    Optional<String> name() {
        return set.or(() -> brokerName);
    }

    /** Whether a token of another application, signed with a key that many trust, would be told from one for this robot. */
    boolean tellsApart() {
        return any || name().isPresent();
    }

    /** Judges {@code aud}; {@code required} says whether it must be there even if no audience was set. */
    void check(Optional<List<String>> present, boolean required) throws TokenRejectedException {
        if (any || (present.isEmpty() && set.isEmpty() && !required)) {
            return;
        }
        if (name().isEmpty()) {
            // Whoever does not find itself in aud must refuse, and this verifier has no name.
            throw Rejections.because("token's claim aud is " + text(present)
                    + " and the verifier has no audience: leave it out or set audience");
        }
        if (!present.orElse(List.of()).contains(name().get())) {
            throw Rejections.because("token's claim aud is " + text(present) + ": this robot expects " + name().get());
        }
    }

    private static String text(Optional<List<String>> present) {
        return present.map(names -> Rejections.quoted(String.join(", ", names))).orElse("missing");
    }
}
