package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.examples.testing.CompiledSnippet;
import io.github.robotstream.examples.testing.Readme;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.tck.TokenVerifierContract;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The verifier that docs/extending.md shows passes the contract that it recommends. */
class DocumentedVerifierTest extends TokenVerifierContract {
    private static final String BADGE = "badge-0042-of-an-operator";

    @TempDir
    Path folder;

    @Override
    protected TokenVerifier verifier() throws Exception {
        String block = Readme.blocks(Path.of("..", "docs", "extending.md"), "java").stream()
                .filter(shown -> shown.contains("class BadgeVerifier"))
                .findFirst()
                .orElseThrow();
        assertThat(CompiledSnippet.compile(CompiledSnippet.IMPORTS + block, folder))
                .isEmpty();
        // The class stays loaded with what it uses: the loader is closed and asked for nothing more.
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Constructor<?> constructor = classes.loadClass("BadgeVerifier").getDeclaredConstructor(Map.class);
            constructor.setAccessible(true);
            return (TokenVerifier) constructor.newInstance(Map.of(BADGE, "operator"));
        }
    }

    @Override
    protected String goodToken() {
        return BADGE;
    }

    @Override
    protected String expectedName() {
        return "operator";
    }

    @Override
    protected Permissions expectedPermissions() {
        return Permissions.none().subscribe("pose", "joints/#").publish("cmd_vel");
    }

    @Override
    protected Optional<String> expiredToken() {
        return Optional.empty();
    }

    @Override
    protected List<String> badTokens() {
        return List.of("badge-0043-of-an-operator");
    }
}
