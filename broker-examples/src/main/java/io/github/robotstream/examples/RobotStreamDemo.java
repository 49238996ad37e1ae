package io.github.robotstream.examples;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The runnable jar: a robot to try the broker with, a bare broker, and clients for the shell. */
@Command(
        name = "robotstream-demo",
        description = "A broker for robots, to be tried from the shell. Without a command: demo.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = RobotStreamDemo.ManifestVersion.class,
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            TokenCommand.class,
            CertificateCommand.class,
            ListenCommand.class,
            SendCommand.class,
            StopCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, refused, or closed by the other side",
            "2:wrong use: an option, an argument or a file that it names"
        })
public final class RobotStreamDemo {
    private RobotStreamDemo() {}

    /**
     * Runs a command and exits with its code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(run(utf8(System.out), utf8(System.err), args));
    }

    /** JSON is UTF-8 whatever the locale of the shell. */
    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new RobotStreamDemo())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(ErrorLines::wrongUse)
                .setExecutionExceptionHandler(ErrorLines::failed);
        return line.execute(withDefaultCommand(args));
    }

    private static String[] withDefaultCommand(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        boolean asksForHelp =
                !all.isEmpty() && List.of("-h", "--help", "-V", "--version").contains(all.get(0));
        if (all.isEmpty() || (all.get(0).startsWith("-") && !asksForHelp)) {
            all.add(0, "demo");
        }
        return all.toArray(String[]::new);
    }

    /** The version that the build wrote into the jar. */
    static final class ManifestVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RobotStreamDemo.class.getPackage().getImplementationVersion();
            return new String[] {"robotstream-demo " + (version == null ? "(not run from its jar)" : version)};
        }
    }
}
