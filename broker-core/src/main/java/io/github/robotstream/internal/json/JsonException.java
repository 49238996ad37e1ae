package io.github.robotstream.internal.json;

/**
 * Says what is wrong with a text, at which byte, and what to do about it. It holds at most a short excerpt of the
 * text, and none of what may be a secret. Bad texts come from clients at any rate, so it has no stack trace.
 */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String problem;

    JsonException(int offset, String problem) {
        super(null, null, false, false);
        this.offset = offset;
        this.problem = problem;
    }

    @Override
    public String getMessage() {
        return "at byte " + offset + ": " + problem;
    }

    /** The same problem, its offset counted from {@code start}: readers count from the buffer's begin, people from the text's. */
    public JsonException countedFrom(int start) {
        return start == 0 ? this : new JsonException(offset - start, problem);
    }
}
