package io.github.robotstream.jwt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where a {@link JwtTokenVerifierBuilder} was told to take keys from. */
final class KeySettings {
    private final List<JwtKey> keys = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<KeySetAddress> addresses = new ArrayList<>();
    private Duration refreshInterval = Duration.ofMinutes(5);
    private Duration outageTolerance = Duration.ofHours(4);

    void add(JwtKey key) {
        keys.add(key);
    }

    void add(Path file) {
        files.add(file);
    }

    void add(KeySetAddress address) {
        addresses.add(address);
    }

    void refreshInterval(Duration value) {
        refreshInterval = within("keySetRefreshInterval", value, Duration.ofMinutes(1), Duration.ofHours(24));
    }

    void outageTolerance(Duration value) {
        outageTolerance = within("keySetOutageTolerance", value, Duration.ofMinutes(1), Duration.ofDays(30));
    }

    private static Duration within(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(setting + " is " + value + ": take " + least + " to " + most);
        }
        return value;
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
                sources.add(new KeySetFile(file, outageTolerance, System::nanoTime));
            } catch (IOException e) {
                throw new UncheckedIOException("key set " + file + " cannot be used: " + e.getMessage(), e);
            }
        }
        addresses.forEach(address -> sources.add(KeySetUrl.of(address, refreshInterval, outageTolerance)));
        return new KeyRing(sources);
    }
}
