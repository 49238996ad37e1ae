package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Programs on Node.js that come as npm packages, or use some. What is not installed skips its test, as with {@link RealClients}. */
public final class NodePackages {
    private NodePackages() {}

    /** Runs the command of a package, with a main file in it. */
    public static Program command(Programs programs, String npmPackage, String main, String... arguments)
            throws IOException {
        need(npmPackage);
        return run(programs, RealClients.MODULES.resolve(npmPackage).resolve(main), arguments);
    }

    /** Runs a script of the tests, which needs some packages. */
    public static Program script(Programs programs, String name, List<String> npmPackages, String... arguments)
            throws IOException {
        npmPackages.forEach(NodePackages::need);
        return run(programs, RealClients.SCRIPTS.resolve("node").resolve(name), arguments);
    }

    private static void need(String npmPackage) {
        RealClients.need(RealClients.succeeds("node", "--version"), "node is not installed");
        RealClients.need(
                Files.isDirectory(RealClients.MODULES.resolve(npmPackage)),
                "the npm package " + npmPackage + " is not in " + RealClients.MODULES);
    }

    private static Program run(Programs programs, Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", script.toString()));
        command.addAll(Arrays.asList(arguments));
        return programs.start(
                script.getFileName().toString(), command, Map.of("NODE_PATH", RealClients.MODULES.toString()));
    }
}
