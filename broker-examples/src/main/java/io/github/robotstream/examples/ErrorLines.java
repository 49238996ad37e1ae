package io.github.robotstream.examples;

import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a person at the shell reads when something goes wrong: a line or two, never a stack trace, never a token. */
final class ErrorLines {
    private ErrorLines() {}

    @SuppressWarnings("unused") // picocli's interface hands over the arguments too
    static int wrongUse(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String name = line.getCommandSpec().qualifiedName();
        line.getErr().println(name + ": " + (e instanceof UnmatchedArgumentException u ? unmatched(u, line) : text(e)));
        line.getErr().println("Try: " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    @SuppressWarnings("unused") // picocli's interface hands over the parsed arguments too
    static int failed(Exception e, CommandLine line, ParseResult parsed) {
        line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + text(e));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** An argument in the wrong place may be a token, so only what looks like an option's name is repeated. */
    private static String unmatched(UnmatchedArgumentException e, CommandLine line) {
        List<String> unmatched = e.getUnmatched();
        if (!line.getSubcommands().isEmpty()) {
            return "no such command: there are "
                    + String.join(", ", line.getSubcommands().keySet());
        }
        String first = unmatched.isEmpty() ? "" : unmatched.get(0);
        return first.startsWith("-") ? "unknown option " + first.replaceFirst("=.*", "") : "an argument too many";
    }

    /** One line, whatever was thrown. */
    static String text(Throwable e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.replaceAll("\\R+", " ");
    }
}
