package io.github.robotstream.internal.codec;

import java.io.IOException;

/**
 * Says which member of a JSON value does not fit the Java type it is read as. The message may be told to whoever sent it: it is
 * bounded and holds names and excerpts of the sender's keys, no values. Bad values come at any rate, so it has no stack trace.
 */
public final class ValueMismatch extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_PATH = 200;

    private final String path;
    private final String problem;
    private final boolean ofNull;

    ValueMismatch(String problem) {
        this("", problem, false);
    }

    private ValueMismatch(String path, String problem, boolean ofNull) {
        this.path = path;
        this.problem = problem;
        this.ofNull = ofNull;
    }

    /** What is there is not what has to be there. */
    static ValueMismatch of(String found, String expected) {
        return new ValueMismatch(problem(found, expected));
    }

    /** There is null where a value has to be. */
    static ValueMismatch ofNull(String expected) {
        return new ValueMismatch("", problem("null", expected), true);
    }

    private static String problem(String found, String expected) {
        return "is " + found + "; it has to be " + expected;
    }

    /** Whether there is null where a value has to be. */
    boolean isOfNull() {
        return ofNull;
    }

    /** The same seen from around the member or element that was looked at: {@code name} or {@code [2]}. */
    ValueMismatch within(String step) {
        String rest = path.isEmpty() || path.startsWith("[") ? path : "." + path;
        return new ValueMismatch(step + rest, problem, ofNull);
    }

    /** The path of the member, or "the value" for the whole, and what is wrong with it. */
    @Override
    public String getMessage() {
        String shown = path.length() <= MAX_PATH ? path : "…" + path.substring(path.length() - MAX_PATH);
        return (path.isEmpty() ? "the value" : shown) + " " + problem;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
