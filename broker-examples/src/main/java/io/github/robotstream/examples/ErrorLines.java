package io.github.robotstream.examples;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
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
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof NoSuchFileException) {
            message = "there is no file or folder " + message; // of the JDK the bare path, as below
        } else if (e instanceof AccessDeniedException) {
            message = message + " is closed to the user that this program runs as";
        }
        return message.replaceAll("\\R+", " ");
    }
}
