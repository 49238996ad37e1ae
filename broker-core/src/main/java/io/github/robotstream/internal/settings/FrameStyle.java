package io.github.robotstream.internal.settings;

/** How the broker writes the messages that it delivers to remote clients. */
public enum FrameStyle {
    /** {@code {"action":"publish","topic":…,"data":{"name":…,"type":…,"data":…}}}, the documented form. */
    ENVELOPE,
    /** {@code {"name":<topic>,"type":…,"data":…}}, for clients that route on {@code name} and know no envelope. */
    FLAT
}
