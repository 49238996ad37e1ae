package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.tck.TokenVerifierContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class BadgeVerifierTest extends TokenVerifierContract {
    @Override
    protected TokenVerifier verifier() {
        return new BadgeVerifier(Map.of("badge-4711", "the night watch"));
    }

    @Override
    protected String goodToken() {
        return "badge-4711";
    }

    @Override
    protected String expectedName() {
        return "the night watch";
    }

    @Override
    protected Permissions expectedPermissions() {
        return Permissions.none().subscribe("pose", "joints/#");
    }

    @Override
    protected Optional<String> expiredToken() {
        return Optional.empty();
    }

    @Override
    protected List<String> badTokens() {
        return List.of("badge-4712");
    }
}
