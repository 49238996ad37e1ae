package io.github.robotstream.testing;

import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a broker must not leave behind: threads that were not there when this object was made, and descriptors. */
public final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Set<Thread> before = running();

    /** Waits until no thread of a broker, or of what it is built on, is left that began after this object was made. */
    public void awaitNoThread() {
        await("threads end").atMost(PATIENCE).until(this::threads, List::isEmpty);
    }

    /** The names of those that are left. */
    public List<String> threads() {
        return running().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static Set<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Leftovers::isOfABroker)
                .collect(Collectors.toSet());
    }

    private static boolean isOfABroker(Thread thread) {
        String name = thread.getName().toLowerCase(Locale.ROOT);
        return name.startsWith("robotstream-") || name.startsWith("websocket");
    }

    /** How many descriptors this process has open; 0 where nobody counts them. */
    public static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
