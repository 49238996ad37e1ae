package io.github.robotstream.internal.settings;

import java.time.Duration;
import java.util.function.Consumer;

/** The usual settings on any free port of the loopback, for the path {@code /wss}. */
public final class TestSettings {
    private TestSettings() {}

    public static Settings anyPort() {
        return anyPort(defaults -> {});
    }

    /** Such with which a client is handed all that its socket takes. */
    public static Settings withoutReadWindow() {
        return anyPort(changed -> changed.readWithin = Duration.ZERO);
    }

    public static Settings anyPort(Consumer<Settings> change) {
        Settings settings = new Settings();
        settings.port = 0;
        change.accept(settings);
        return settings;
    }
}
