package io.github.robotstream.internal.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadableTlsTest {
    @TempDir
    Path directory;

    private final List<String> taken = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private Path certificate;
    private Path key;
    private ReloadableTls tls;

    @BeforeEach
    void begin() throws IOException {
        certificate = directory.resolve("certificate.pem");
        key = directory.resolve("key.pem");
        Files.writeString(certificate, TestCertificate.SHARED.certificatePem());
        Files.writeString(key, TestCertificate.SHARED.keyPem());
        tls = new ReloadableTls(TlsSource.pem(certificate, key), taken::add, refused::add);
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            tls.look();
        }
    }

    @Test
    void whatHasNotChangedIsNotReadAgain() {
        looks(5);

        assertThat(taken).isEmpty();
        assertThat(refused).isEmpty();
    }

    @Test
    void aChangeIsTakenWhenItHasStoodForOneLook() throws Exception {
        TestCertificate next = TestCertificate.make("CN=next", "-keyalg", "RSA", "-keysize", "2048");
        Files.writeString(certificate, next.certificatePem());
        looks(1);
        Files.writeString(key, next.keyPem());
        looks(1);
        assertThat(taken).isEmpty();

        looks(3);

        assertThat(taken).hasSize(1);
        assertThat(refused).isEmpty();
    }

    @Test
    void whatCannotBeUsedIsToldOnceAndMendedLater() throws Exception {
        Files.writeString(key, "garbage");
        looks(5);
        assertThat(refused).singleElement().asString().contains(key.toString()).contains("stay in force");

        Files.delete(key);
        looks(5);
        assertThat(refused).hasSize(2).last().asString().contains("there is no file " + key);

        Files.writeString(key, TestCertificate.SHARED.keyPem());
        looks(2);
        assertThat(taken).hasSize(1);
        assertThat(refused).hasSize(2);
    }
}
