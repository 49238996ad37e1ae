package io.github.robotstream.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a self-signed certificate with the JDK's keytool, for robots that no certificate authority knows. */
@Command(
        name = "certificate",
        description = {
            "Writes a key and a self-signed certificate in PEM, for serve and demo. Browsers take it once somebody has"
                    + " opened https://HOST:PORT/health and accepted it; other clients have to be told to trust the file.",
            "It is valid from 2000 to 2099, as a robot's clock may not be set."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class CertificateCommand implements Callable<Integer> {
    private static final String ALIAS = "robot";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "HOST",
            description =
                    "The names and addresses by which clients reach the robot, for instance robot.local 192.168.1.7.")
    private List<String> hosts;

    @Option(names = "--certificate", paramLabel = "FILE", description = "Where it goes: certificate.pem unless given.")
    private Path certificate = Path.of("certificate.pem");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Where the key goes, for its owner alone: key.pem unless given.")
    private Path key = Path.of("key.pem");

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String host : hosts) {
            if (!host.matches("[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:]{2,45}")) {
                throw new ParameterException(
                        spec.commandLine(), "HOST is \"" + host + "\": it has to be a host name or an IP address");
            }
        }
        for (Path file : List.of(key, certificate)) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new ParameterException(spec.commandLine(), "there is no folder for " + file + ": make it first");
            }
            if (Files.exists(file)) {
                throw new ParameterException(
                        spec.commandLine(), "there is a file " + file + " already: name another one, or remove it");
            }
        }
        Path directory = Files.createTempDirectory("robotstream-certificate");
        Path store = directory.resolve("robot.p12");
        char[] password = UUID.randomUUID().toString().toCharArray();
        try {
            keytool(store, password);
            KeyStore made = KeyStore.getInstance(store.toFile(), password);
            write(key, "PRIVATE KEY", made.getKey(ALIAS, password).getEncoded(), "rw-------");
            write(certificate, "CERTIFICATE", made.getCertificate(ALIAS).getEncoded(), "rw-r--r--");
        } catch (GeneralSecurityException fault) {
            throw new IOException("the certificate that keytool made cannot be read", fault);
        } finally {
            Files.deleteIfExists(store);
            Files.delete(directory);
        }
        spec.commandLine().getOut().println("written: " + certificate + ", " + key);
        return 0;
    }

    private void keytool(Path store, char[] password) throws IOException, InterruptedException {
        String names = hosts.stream()
                .map(host -> (isAddress(host) ? "ip:" : "dns:") + host)
                .collect(Collectors.joining(","));
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=robot",
                        "-startdate",
                        "2000/01/01 00:00:00",
                        "-validity",
                        "36500",
                        "-ext",
                        "san=" + names,
                        "-ext",
                        "eku=serverAuth",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass:env",
                        "STORE_PASSWORD")
                .redirectErrorStream(true);
        command.environment().put("STORE_PASSWORD", new String(password)); // not an argument, which others could see
        Process keytool = command.start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool of the JDK failed: " + said.strip());
        }
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }

    private static void write(Path file, String label, byte[] der, String permissions) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        SmallFile.create(
                file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n", permissions);
    }
}
