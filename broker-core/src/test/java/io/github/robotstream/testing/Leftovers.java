package io.github.robotstream.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a broker must not leave behind: threads that were not there when this object was made, and descriptors. */
public final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Set<Thread> before = running();

    /** Waits until no thread of a broker, or of what it is built on, is left that began after this object was made. */
    public void awaitNoThread() {
        await("threads end")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(left().map(Leftovers::withStack)).isEmpty());
    }

    /** The names of those that are left. */
    public List<String> threads() {
        return left().map(Thread::getName).sorted().toList();
    }

    private Stream<Thread> left() {
        return running().stream().filter(thread -> !before.contains(thread));
    }

    private static String withStack(Thread thread) {
        return thread.getName() + " " + thread.getState() + " at "
                + Arrays.stream(thread.getStackTrace())
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining("\n    "));
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
