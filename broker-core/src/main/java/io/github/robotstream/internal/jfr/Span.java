package io.github.robotstream.internal.jfr;

/** Something that takes time, from the moment on in which this was made. */
@FunctionalInterface
public interface Span {
    /** Nobody records it. */
    Span NONE = outcome -> {};

    /** It has ended; any thread, once. */
    void end(String outcome);
}
