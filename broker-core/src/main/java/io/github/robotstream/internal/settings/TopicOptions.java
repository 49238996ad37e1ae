package io.github.robotstream.internal.settings;

import io.github.robotstream.Priority;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What robot code says of a topic that it declares, with its defaults; see {@link Settings}. */
public final class TopicOptions implements Cloneable {
    public boolean uncheckedFromClients; // whether clients may publish any type
    public boolean robotOnly; // whether clients publish nothing there
    public @Nullable Duration watchdog; // how long a command topic may be silent
    public String safeValue = ""; // what it is given then, as JSON
    public @Nullable Duration maxCommandAge; // from when a client made a command until it has come
    public boolean commandTimeRequired; // whether one that does not say when is refused
    public boolean leased; // whether a client may hold its lease
    public boolean leaseRequired; // whether a client has to
    public @Nullable String stopValue; // of a stop topic: the value that stops the robot, as JSON
    public Predicate<String> stops = json -> false; // whether a value, valid JSON, is that
    public Priority priority = Priority.NORMAL;
    public OptionalInt history = OptionalInt.empty(); // how many messages are kept; as many as of others unless said
    public boolean retained = true; // whether a state topic keeps its last value
    public double maxClientHz; // messages a second to each subscription of a client; 0 for no limit

    /** Options that later changes of these do not change. */
    TopicOptions copy() {
        try {
            return (TopicOptions) clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
