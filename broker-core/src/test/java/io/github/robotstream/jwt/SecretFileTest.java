package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.CLOCK;
import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.SECRET;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shared secret in a file. */
class SecretFileTest {
    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("secret"), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void oneLineEndIsNoPartOfTheSecret(String end) throws Exception {
        Path file = file((new String(SECRET, StandardCharsets.US_ASCII) + end).getBytes(StandardCharsets.US_ASCII));
        JwtTokenVerifier verifier = JwtTokenVerifier.builder()
                .key(JwtKey.hmacFile(file))
                .clock(CLOCK)
                .build();
        assertThat(accept(verifier, FORGE.token(claims("\"sub\":\"operator\""))).name())
                .isEqualTo("operator");
    }

    @Test
    void aSecretOfTheWrongSizeIsRefusedByItsFileAndNotShown() throws Exception {
        assertThatThrownBy(() -> JwtKey.hmacFile(file(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(folder.resolve("secret").toString())
                .hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> JwtKey.hmacFile(file(new byte[64 * 1024 + 1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 65536 bytes");
    }

    @Test
    void aFileThatIsNotThereIsToldAsSuch() {
        assertThatThrownBy(() -> JwtKey.hmacFile(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
