package io.github.robotstream.internal.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library's page, as it is put together. What it does in a browser is asked by the examples' {@code ConsoleTest}. */
class ConsolePageTest {
    private static final Path SOURCES = Path.of("src/main/resources/io/github/robotstream/internal/console");

    private final Page page = ConsolePage.of("/robot/socket");
    private final String html = new String(page.body(), UTF_8);
    private final String policy = page.fields().stream()
            .filter(field -> field.startsWith("Content-Security-Policy: "))
            .findFirst()
            .orElseThrow();

    private List<String> blocks(String tag) {
        return Pattern.compile("(?s)<" + tag + "[^>]*>(.*?)</" + tag + ">")
                .matcher(html)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itsPolicyAllowsItsOwnScriptsAndStyleAndNothingElse() {
        assertThat(blocks("script"))
                .hasSize(2)
                .allSatisfy(script -> assertThat(policy).contains(hash(script)));
        assertThat(blocks("style"))
                .hasSize(1)
                .allSatisfy(style -> assertThat(policy).contains(hash(style)));
        assertThat(policy)
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
    }

    @Test
    void itLoadsNothing() {
        String markup = html.replaceAll("(?s)<(script|style)[^>]*>.*?</\\1>", "");
        assertThat(markup)
                .doesNotContainPattern("(?i)\\s(src|on[a-z]+|style)=")
                .doesNotContainPattern("href=\"(?!data:)");
        assertThat(blocks("style").get(0)).doesNotContain("url(", "@import");
    }

    @Test
    void itIsOneScriptWithoutImports() {
        assertThat(blocks("script").get(1))
                .contains("class Robot ", "class Tree ")
                .doesNotContainPattern("(?m)^import ");
    }

    @Test
    void itsScriptsWhichShareOneScopeHaveNoNameOfTheTopLevelInCommon() {
        List<String> names = Pattern.compile(
                        "(?m)^(?:export )?(?:async )?(?:const|let|var|class|function\\*?) ([\\w$]+)")
                .matcher(blocks("script").get(1))
                .results()
                .map(name -> name.group(1))
                .toList();
        assertThat(names).contains("Robot", "LEVELS", "robot").doesNotHaveDuplicates();
    }

    @Test
    void itConnectsToThePathOfTheBrokerRelativeToItself() {
        assertThat(html).contains("<meta name=\"robotstream-socket\" content=\"robot/socket\">");
    }

    @Test
    void everySourceIsPartOfIt() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            List<Path> scripts =
                    sources.filter(file -> file.toString().endsWith(".js")).toList();
            assertThat(scripts).hasSizeGreaterThan(10).allSatisfy(file -> {
                String last = Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank())
                        .reduce((one, next) -> next.length() > 1 ? next : one)
                        .orElseThrow();
                assertThat(html).contains(last);
            });
        }
    }

    @Test
    void theVendoredScriptNamesItsLicence() {
        assertThat(html).contains("uPlot 1.6.32", "MIT License", "Copyright (c) 2022 Leon Sorokin");
    }

    @Test
    void itIsSmall() {
        assertThat(page.body().length).isLessThan(220_000);
    }
}
