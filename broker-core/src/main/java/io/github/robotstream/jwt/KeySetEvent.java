package io.github.robotstream.jwt;

import io.github.robotstream.spi.LogEntry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Something that the log should say about a source of keys. */
record KeySetEvent(LogEntry.Level level, String event, String message) {
    static KeySetEvent failed(String message) {
        return new KeySetEvent(LogEntry.Level.WARN, "key_set_failed", message);
    }

    /** A set was read; {@code how} follows its name. */
    static KeySetEvent read(String name, String how, int keys) {
        return keys == 0
                ? new KeySetEvent(
                        LogEntry.Level.WARN, "key_set_changed", name + " " + how + " and" + JwkReader.NO_USABLE_KEY)
                : new KeySetEvent(LogEntry.Level.INFO, "key_set_changed", name + " " + how + ": " + keys + " keys");
    }

    /** Holds the newest until somebody takes it; what is replaced is out of date. */
    static final class Latest {
        private final AtomicReference<@Nullable KeySetEvent> newest = new AtomicReference<>();

        void put(KeySetEvent event) {
            newest.set(event);
        }

        Optional<KeySetEvent> take() {
            return Optional.ofNullable(newest.getAndSet(null));
        }
    }
}
