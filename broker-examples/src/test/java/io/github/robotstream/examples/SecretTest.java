package io.github.robotstream.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SecretTest {
    private static final String TEXT = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void isTheFileLessOneLineEnd(String end) throws IOException {
        assertThat(read(TEXT + end)).isEqualTo(TEXT.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", " "})
    void keepsWhateverElseIsAtTheEnd(String more) throws IOException {
        assertThat(read(TEXT + more + "\n")).isEqualTo((TEXT + more).getBytes(UTF_8));
    }

    @Test
    void keepsACarriageReturnThatEndsNoLine() throws IOException {
        assertThat(read(TEXT + "\r")).isEqualTo((TEXT + "\r").getBytes(UTF_8));
    }

    @Test
    void isRefusedIfItIsTooShortWithoutBeingShown() {
        assertThatThrownBy(() -> read("hunter2\n"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("7 bytes")
                .hasMessageContaining("at least 32")
                .hasMessageContaining("openssl rand -hex 32 > ")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void isRefusedIfTheFileIsMissingOrHuge() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> new Secret.FromFile().convert(missing.toString()))
                .hasMessage("there is no file " + missing);
        assertThatThrownBy(() -> read("x".repeat(65 * 1024))).hasMessageContaining("more than 65536 bytes");
        assertThatThrownBy(() -> new Secret.FromFile().convert(folder.toString()))
                .hasMessageStartingWith("cannot read");
    }

    @Test
    void isNotInItsText() throws IOException {
        Files.writeString(folder.resolve("secret"), TEXT);
        Secret secret = new Secret.FromFile().convert(folder.resolve("secret").toString());
        assertThat(secret).hasToString("Secret[32 bytes]");
    }

    @Test
    void isANewOneForEachRun() {
        assertThat(Secret.random().bytes())
                .hasSize(32)
                .isNotEqualTo(Secret.random().bytes());
    }

    private byte[] read(String content) throws IOException {
        Path file = folder.resolve("secret");
        Files.writeString(file, content);
        return new Secret.FromFile().convert(file.toString()).bytes();
    }
}
