package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The examples in the project's README, so that what is printed there is what is tested. */
public final class Readme {
    /** Where a broker listens that is told nothing else. */
    private static final String ADDRESS = "ws://127.0.0.1:8765/wss";

    private static final Path FILE = Path.of("..", "README.md");

    private Readme() {}

    /** The code blocks of a language, in order. */
    public static List<String> blocks(String language) throws IOException {
        return blocks(FILE, language);
    }

    /** The code blocks of a language in another document. */
    public static List<String> blocks(Path document, String language) throws IOException {
        Pattern fence = Pattern.compile("(?ms)^```" + language + "\\R(.*?)^```$");
        return fence.matcher(Files.readString(document))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** A variable that the README tells to be set to {@code certificate.pem}. */
    public static String named(String variable) throws IOException {
        if (!Files.readString(FILE).contains("`" + variable + "=certificate.pem`")) {
            throw new AssertionError(FILE + " does not name " + variable);
        }
        return variable;
    }

    /** The one client example of a language, made to talk to a broker and to a topic of the test's. */
    public static String client(String language, String url, String token, String topic) throws IOException {
        List<String> clients = blocks(language).stream()
                .filter(block -> block.contains(ADDRESS + "?token="))
                .toList();
        if (clients.size() != 1) {
            throw new AssertionError(clients.size() + " client examples in " + language + " in " + FILE + ", not one");
        }
        return clients.get(0)
                .replace(ADDRESS, url)
                .replace("your_jwt_token_here", token)
                .replace("server_logs", topic);
    }
}
