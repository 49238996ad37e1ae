package io.github.robotstream.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a seed makes happen: how it begins, and what is done then. Any part of the actions is a schedule as well. */
record Schedule<S extends Schedule.Run>(String title, Opening<S> opening, List<Action<S>> actions) {
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"[^\"]+\"");

    /** Something that may be done at any time. */
    record Action<S>(String text, Consumer<S> deed) {}

    /** Begins what is simulated. */
    interface Opening<S> {
        S open() throws IOException;
    }

    /** What is simulated, from its opening to its end. It throws AssertionError where a promise is broken. */
    interface Run extends AutoCloseable {
        /** Adds to what has happened, for comparison with another run. */
        void note(String line);

        /** All actions are done: checks what has to hold at the end. */
        void finish();

        /** {@return what has happened} */
        List<String> transcript();

        @Override
        void close();
    }

    /** A schedule of so many actions. */
    static <S extends Run> Schedule<S> of(String title, Opening<S> opening, int actions, Supplier<Action<S>> next) {
        return new Schedule<>(
                title, opening, Stream.generate(next).limit(actions).toList());
    }

    /** {@return the dice of a seed; those of seeds next to each other have nothing in common} */
    static Random dice(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** Does all; gives what has happened, where epochs, whose names are chance, are numbered. */
    List<String> run() throws IOException {
        try (S run = opening.open()) {
            for (Action<S> action : actions) {
                run.note(action.text);
                action.deed.accept(run);
            }
            run.finish();
            return withoutEpochs(run.transcript());
        }
    }

    private static List<String> withoutEpochs(List<String> transcript) {
        Map<String, String> numbers = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : transcript) {
            lines.add(EPOCH.matcher(line)
                    .replaceAll(
                            found -> numbers.computeIfAbsent(found.group(), epoch -> "\"epoch\":" + numbers.size())));
        }
        return lines;
    }

    /** Throws, with the fewest of its actions that fail, if it fails. */
    void check() {
        if (fault() != null) {
            Schedule<S> least = least();
            Throwable why = least.fault();
            throw new AssertionError(least + "\n" + (why == null ? "that does not fail again" : why.getMessage()), why);
        }
    }

    private @Nullable Throwable fault() {
        try {
            run();
            return null;
        } catch (Exception | AssertionError e) {
            return e;
        }
    }

    /** A part of a schedule that fails, of which no action can be left out. */
    private Schedule<S> least() {
        Schedule<S> least = this;
        for (int count = 16; count > 0; count /= 2) {
            for (int i = 0; i < least.actions.size(); ) {
                Schedule<S> less = least.without(i, count);
                if (less.fault() != null) {
                    least = less;
                } else {
                    i += count;
                }
            }
        }
        return least;
    }

    private Schedule<S> without(int from, int count) {
        List<Action<S>> others = new ArrayList<>(actions);
        others.subList(from, Math.min(others.size(), from + count)).clear();
        return new Schedule<>(title, opening, others);
    }

    @Override
    public String toString() {
        StringBuilder all = new StringBuilder(title);
        actions.forEach(action -> all.append("\n  ").append(action.text));
        return all.toString();
    }
}
