package io.github.robotstream.internal.json;

/** Says what is wrong with a text, at which byte, and what to do about it. Without stack trace: bad texts come at any rate. */
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
    JsonException countedFrom(int start) {
        return start == 0 ? this : new JsonException(offset - start, problem);
    }
}
