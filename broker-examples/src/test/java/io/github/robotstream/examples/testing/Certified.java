package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A certificate and its key in files, made by the demo jar.
 *
 * @param certificate its file
 * @param key its key's
 */
public record Certified(Path certificate, Path key) {
    /** Makes one for these hosts; a name tells it from others in the folder. */
    public static Certified make(Programs programs, Path folder, String name, String... hosts)
            throws IOException, InterruptedException {
        Certified made = new Certified(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem"));
        String[] command = new String[5 + hosts.length];
        command[0] = "certificate";
        command[1] = "--certificate";
        command[2] = made.certificate.toString();
        command[3] = "--key";
        command[4] = made.key.toString();
        System.arraycopy(hosts, 0, command, 5, hosts.length);
        Program program = programs.demoJar(command);
        if (program.awaitExit() != 0) {
            throw new AssertionError(program.transcript());
        }
        return made;
    }

    /** What {@code serve} and {@code demo} are told to use it. */
    public String[] options() {
        return new String[] {"--tls-certificate", certificate.toString(), "--tls-key", key.toString()};
    }
}
