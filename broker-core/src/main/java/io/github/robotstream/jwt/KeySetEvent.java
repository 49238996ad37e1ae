package io.github.robotstream.jwt;

import io.github.robotstream.spi.LogEntry;

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
}
