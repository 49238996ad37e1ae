package io.github.robotstream.internal.worker;

import java.util.Arrays;

/** What user code threw, as text for the log. */
public final class FailureText {
    private FailureText() {}

    private static final int MOST_CAUSES = 4;
    private static final int MOST_FRAMES = 24;
    private static final int MOST_CHARACTERS = 4_096;

    /** The same with where it came from and its causes, a line each: the innermost {@value #MOST_FRAMES} calls, {@value #MOST_CHARACTERS} characters. */
    public static String withTrace(Throwable failure) {
        try {
            StringBuilder text = new StringBuilder();
            Throwable cause = failure;
            for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
                text.append(i == 0 ? "" : "\nCaused by: ").append(of(cause));
                Arrays.stream(cause.getStackTrace())
                        .limit(MOST_FRAMES)
                        .forEach(frame -> text.append("\n\tat ").append(frame));
                cause = cause.getCause();
            }
            text.setLength(Math.min(text.length(), MOST_CHARACTERS));
            return text.toString();
        } catch (Throwable ofItsOwnMethods) {
            return of(failure);
        }
    }

    /** The class and message of a failure; the class alone if the failure cannot even tell its message. */
    public static String of(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable e) {
            return failure.getClass().getName();
        }
    }
}
