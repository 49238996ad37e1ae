package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person sees who holds a command wrong. */
class CommandLineTest {
    private static final String SECRET_TEXT = "0123456789abcdef0123456789abcdef";

    private static final String KEYS_TEXT = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"1\","
            + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"; // RFC 8037, appendix A.2

    /** Of a key that nobody has any more. */
    private static final String CERTIFICATE_TEXT = """
            -----BEGIN CERTIFICATE-----
            MIIBXTCCAQSgAwIBAgIHJoWvu2ZYnDAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDEwVy
            b2JvdDAgFw0wMDAxMDEwMDAwMDBaGA8yMDk5MTIwNzAwMDAwMFowEDEOMAwGA1UE
            AxMFcm9ib3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQreOHXHLeJgCuC+4nP
            HrgT5CuMsP1sQ3MBZCt4Es8Nci+pTJhOjdQLJQ1rs2r3Jq2IxMyzHn0T2fqnDIZI
            ooMbo0cwRTAdBgNVHQ4EFgQUQMTp0EpNJtPv8U9NR7JSm0JxPkQwDwYDVR0RBAgw
            BocEfwAAATATBgNVHSUEDDAKBggrBgEFBQcDATAKBggqhkjOPQQDAgNHADBEAiAS
            27dVKc/p6w2Wme0UNYiZRV8H0eLtMSYBVhpWDcwEtwIgMyuA9mAcVgoLc2FwEVs9
            5d2JByJw5riTms3Pzsht5eA=
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static Stream<Arguments> wrongUses() {
        return Stream.of(
                wrong("serve", "--secret-file", "--anonymous"),
                wrong("serve --anonymous --secret-file SECRET", "--secret-file and --anonymous contradict each other"),
                wrong("demo --anonymous --secret-file SECRET", "--secret-file and --anonymous contradict each other"),
                wrong("serve --jwks-file KEYS", "--audience NAME", "--any-audience"),
                wrong("demo --jwks-file KEYS", "--audience NAME", "--any-audience"),
                wrong("serve --jwks-file KEYS --anonymous", "--jwks-file and --anonymous contradict each other"),
                wrong("serve --jwks-file KEYS --audience a --any-audience", "--any-audience contradict each other"),
                wrong("serve --anonymous --audience a", "about tokens"),
                wrong("serve --secret-file SHORT", "--secret-file", "5 bytes", "at least 32"),
                wrong("serve --secret-file MISSING", "there is no file"),
                wrong("serve --anonymous --port 65536", "port is 65536", "0 to 65535"),
                wrong("serve --anonymous --port x", "--port"),
                wrong("serve --anonymous --port 0 --max-sessions 0", "sessions is 0", "1 to 1000000"),
                wrong("demo --anonymous --port 0 --sessions-per-subject 0", "sessionsPerSubject is 0"),
                wrong("serve --anonymous --path wss", "path is \"wss\"", "begin with /"),
                wrong("serve --anonymous --frame round", "--frame", "FLAT"),
                wrong("serve --anonymous --port 0 --store SECRET", "secret is no directory"),
                wrong("serve --anonymous --prot=4", "unknown option --prot"),
                wrong("--prot=4", "robotstream-demo demo: unknown option --prot"),
                wrong("srve", "no such command", "demo, serve, token, certificate, listen, send"),
                wrong("token --subject x", "--secret-file"),
                wrong("token --secret-file SECRET", "--subject"),
                wrong("token --secret-file SECRET --subject x --ttl 1w", "--ttl", "90s, 15m, 8h or 1d"),
                wrong(
                        "token --secret-file SECRET --subject x --subscribe a/#/b",
                        "--subscribe",
                        "# can only be the last"),
                wrong("listen --topic pose", "URL"),
                wrong("listen ws://127.0.0.1:1/wss", "--topic"),
                wrong("listen 127.0.0.1:1/wss --topic pose", "ws://HOST or wss://HOST"),
                wrong("listen ws://127.0.0.1:1/wss --topic pose --count 0", "--count is 0"),
                wrong("listen ws://127.0.0.1:1/wss --topic pose --token a --token-file SECRET", "contradict"),
                wrong("listen ws://127.0.0.1:1/wss --topic pose --certificate PEM", "--certificate is for wss://"),
                wrong("listen wss://127.0.0.1:1/wss --topic pose --certificate MISSING", "there is no file"),
                wrong(
                        "send wss://127.0.0.1:1/wss a 1 --certificate SECRET",
                        "holds no certificate",
                        "BEGIN CERTIFICATE"),
                wrong("serve --anonymous --trusted-proxy 10.0.0.0/33", "10.0.0.0/33", "10.1.0.0/16"),
                wrong("serve --anonymous --trusted-proxy 127.0.0.1,proxy", "proxy", "10.1.0.0/16"),
                wrong("send ws://127.0.0.1:1/wss cmd_vel", "JSON", "--binary FILE"),
                wrong("send ws://127.0.0.1:1/wss camera 1 --binary SHORT --type image/jpeg", "JSON", "--binary FILE"),
                wrong("send ws://127.0.0.1:1/wss camera --binary SHORT", "--type", "image/jpeg"),
                wrong("send ws://127.0.0.1:1/wss camera --binary MISSING --type image/jpeg", "there is no file"),
                wrong("send ws://127.0.0.1:1/wss focus ball", "not JSON", "double quotes"),
                wrong("send ws://127.0.0.1:1/wss volts NaN --type float", "not JSON"));
    }

    @ParameterizedTest
    @MethodSource("wrongUses")
    void wrongUseIsToldInOneLineWithTheRemedyAndEndsWithTwo(String line, List<String> told) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(2).element(1).asString().matches("Try: robotstream-demo.* --help");
        assertThat(err.toString().lines().findFirst().orElseThrow())
                .startsWith("robotstream-demo")
                .contains(told);
        assertThat(err.toString()).doesNotContain(SECRET_TEXT);
    }

    @ParameterizedTest
    @MethodSource("misplacedTokens")
    void aTokenInTheWrongPlaceIsNotRepeated(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(out + "" + err).doesNotContain("eyJhbGci");
    }

    static Stream<String> misplacedTokens() {
        return Stream.of(
                "listen ws://127.0.0.1:1/wss eyJhbGci --topic pose",
                "listen ws://127.0.0.1:1/wss --topic pose --tokn=eyJhbGci",
                "listen ftp://127.0.0.1:1/wss?token=eyJhbGci --topic pose",
                "listen ws://127.0.0.1:1/wss?token=eyJhbGci|x --topic pose",
                "send ws://127.0.0.1:1/wss a 1 eyJhbGci",
                "eyJhbGci");
    }

    @Test
    void nobodyThereIsAFailureWithoutTheToken() {
        assertThat(run("send ws://127.0.0.1:1/wss volts -5 --token eyJhbGci")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("robotstream-demo send: cannot connect to ws://127.0.0.1:1/wss: connection refused");
    }

    @Test
    void helpAndVersionAreNoErrors() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("demo", "serve", "token", "listen", "send");
        assertThat(run("listen --help")).isZero();
        assertThat(out.toString()).contains("--count", "Exit codes:");
        assertThat(run("--version")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aMintedTokenIsAloneOnStandardOutput() {
        assertThat(run("token --secret-file SECRET --subject me")).isZero();
        assertThat(out.toString()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aTokenThatMayCallOneServiceMayDoNothingElse() {
        assertThat(run("token --secret-file SECRET --subject me --call arm.home"))
                .isZero();
        String claims = new String(
                Base64.getUrlDecoder().decode(out.toString().replaceAll("^[^.]*\\.|\\.[^.]*$", "")),
                StandardCharsets.UTF_8);
        assertThat(claims).contains("\"services\":[\"arm.home\"]", "\"subscribe\":[]", "\"publish\":[]");
    }

    private static Arguments wrong(String line, String... told) {
        return Arguments.of(line, List.of(told));
    }

    private int run(String line) {
        String[] args = Stream.of(line.split(" ")).map(this::withFiles).toArray(String[]::new);
        return RobotStreamDemo.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private String withFiles(String argument) {
        return switch (argument) {
            case "SECRET" -> file("secret", SECRET_TEXT);
            case "SHORT" -> file("short", "abcde\n");
            case "KEYS" -> file("keys.json", KEYS_TEXT);
            case "PEM" -> file("c.pem", CERTIFICATE_TEXT);
            case "MISSING" -> folder.resolve("missing").toString();
            default -> argument;
        };
    }

    private String file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
