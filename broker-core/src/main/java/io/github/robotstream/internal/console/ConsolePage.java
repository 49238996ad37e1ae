package io.github.robotstream.internal.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.settings.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page that shows a robot: one HTML file with all its scripts and styles, put together of the sources beside this class. Its policy
 * (CSP level 3) names these by their hashes, so that nothing else runs in it.
 */
public final class ConsolePage {
    /** Where it is served. */
    public static final String PATH = "/";

    private static final List<String> STYLES = List.of("uplot.css", "console.css");
    private static final List<String> LIBRARIES = List.of("uplot.js");

    /** Each after those that it imports from: they become one script. */
    private static final List<String> MODULES = List.of(
            "robotstream.js",
            "dom.js",
            "format.js",
            "view.js",
            "feeds.js",
            "link.js",
            "stop.js",
            "tree.js",
            "tracks.js",
            "plots.js",
            "pictures.js",
            "curves.js",
            "logs.js",
            "schema.js",
            "publish.js",
            "pad.js",
            "clients.js",
            "main.js");

    private ConsolePage() {}

    /**
     * {@return the page}
     *
     * @param webSocketPath where WebSockets connect, beginning with a slash, of characters that HTML leaves alone
     */
    public static Page of(String webSocketPath) {
        String style = "\n" + joined(STYLES.stream());
        String libraries = "\n" + joined(LIBRARIES.stream());
        String modules = "\n" + withoutImports(joined(MODULES.stream()));
        String html = source("console.html")
                .replace("/* style */", style)
                .replace("/* libraries */", libraries)
                .replace("/* modules */", modules)
                // Relative to the page, which may be behind a proxy's prefix.
                .replace("WEB_SOCKET_PATH", webSocketPath.substring(1));
        String policy = "default-src 'none'; script-src " + hash(libraries) + " " + hash(modules) + "; style-src "
                + hash(style) + "; img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'";
        return new Page("text/html; charset=utf-8", html.getBytes(UTF_8), policy);
    }

    private static String joined(Stream<String> names) {
        return names.map(ConsolePage::source).collect(Collectors.joining("\n"));
    }

    private static String withoutImports(String modules) {
        return modules.lines().filter(line -> !line.startsWith("import {")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String source(String name) {
        try (InputStream file = ConsolePage.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the library's jar is not whole: " + name + " is missing in it");
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
