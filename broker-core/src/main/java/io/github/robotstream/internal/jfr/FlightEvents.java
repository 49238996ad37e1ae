package io.github.robotstream.internal.jfr;

import io.github.robotstream.spi.LogEntry;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;

/**
 * Events for the JDK's flight recorder (JEP 328), of what is rare; docs/monitoring.md lists them. A recording is the whole process's, and so
 * are these methods. Before the process has a recording each costs a look at a field, and no event's class is loaded: together they take a quarter
 * of a second. Without the module jdk.jfr no class that needs it is loaded at all. Any thread; nothing in them blocks or throws.
 */
public final class FlightEvents {
    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightEvents() {}

    private static boolean isOn() {
        return AVAILABLE && FlightRecorder.isInitialized();
    }

    /** Takes from the broker's own entries what is told of sessions that come and go, and of losses. */
    public static void logged(LogEntry entry) {
        try {
            if (isOn() && !entry.isFromRobot()) {
                Recorded.logged(entry);
            }
        } catch (Throwable outOfMemoryPerhaps) {
            // it is missing in the recording
        }
    }

    /** A listener of robot code is called with a message of this topic. */
    public static Span listenerCall(String topic) {
        try {
            return isOn() ? Recorded.listenerCall(topic) : Span.NONE;
        } catch (Throwable outOfMemoryPerhaps) {
            return Span.NONE;
        }
    }

    /** A token verifier is called. */
    public static Span verifierCall(InetSocketAddress client) {
        try {
            return isOn() ? Recorded.verifierCall(client) : Span.NONE;
        } catch (Throwable outOfMemoryPerhaps) {
            return Span.NONE;
        }
    }

    /**
     * A socket was accepted.
     *
     * @param client asked at the end: a proxy may say meanwhile where it comes from
     */
    public static Span handshake(Supplier<InetSocketAddress> client) {
        try {
            return isOn() ? Recorded.handshake(client) : Span.NONE;
        } catch (Throwable outOfMemoryPerhaps) {
            return Span.NONE;
        }
    }
}
