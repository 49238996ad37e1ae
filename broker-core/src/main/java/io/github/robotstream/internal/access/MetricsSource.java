package io.github.robotstream.internal.access;

import io.github.robotstream.Permissions;
import java.util.Optional;

/** Tells the broker's numbers in the text format of Prometheus. Any thread, several at a time. */
@FunctionalInterface
public interface MetricsSource {
    /** {@return what those with these rights are told; empty if that is nothing} */
    Optional<String> text(Permissions rights);
}
