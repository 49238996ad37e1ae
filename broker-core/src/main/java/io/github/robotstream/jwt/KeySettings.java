package io.github.robotstream.jwt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a {@link JwtTokenVerifierBuilder} was told to take keys from. */
final class KeySettings {
    private final List<JwtKey> keys = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<KeySetUrlSettings> addresses = new ArrayList<>();

    void add(JwtKey key) {
        keys.add(key);
    }

    void add(Path file) {
        files.add(file);
    }

    void add(KeySetUrlSettings address) {
        addresses.add(address);
    }

    /** Sets hold public keys alone. */
    boolean hasSecrets() {
        return keys.stream().anyMatch(JwtKey::isSecret);
    }

    /** Reads files, fetches nothing. What never waits comes first in the ring. */
    KeyRing ring() {
        List<KeySource> sources = new ArrayList<>();
        if (!keys.isEmpty()) {
            sources.add(new FixedKeys(new KeyList(keys)));
        }
        for (Path file : files) {
            try {
                sources.add(new KeySetFile(file, KeySetUrlSettings.OUTAGE_TOLERANCE, System::nanoTime));
            } catch (IOException e) {
                throw new UncheckedIOException("key set " + file + " cannot be used: " + e.getMessage(), e);
            }
        }
        addresses.forEach(settings -> sources.add(KeySetUrl.of(settings)));
        return new KeyRing(sources);
    }
}
