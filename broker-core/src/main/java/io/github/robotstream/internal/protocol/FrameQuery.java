package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** How a connection says in its query which style it wants: {@code ?frame=flat}. */
public final class FrameQuery {
    /** The name of the query's parameter. */
    public static final String PARAMETER = "frame";

    private FrameQuery() {}

    /** The style of that word, if it is one. */
    public static Optional<FrameStyle> styleOf(String word) {
        return switch (word) {
            case "envelope" -> Optional.of(FrameStyle.ENVELOPE);
            case "flat" -> Optional.of(FrameStyle.FLAT);
            default -> Optional.empty();
        };
    }
}
