package io.github.robotstream.internal.worker;

/** What user code threw, in one line for the log. */
public final class FailureText {
    private FailureText() {}

    /** The class and message of a failure; the class alone if the failure cannot even tell its message. */
    public static String of(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable e) {
            return failure.getClass().getName();
        }
    }
}
