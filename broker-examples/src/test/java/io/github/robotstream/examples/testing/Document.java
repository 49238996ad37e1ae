package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Examples out of a document of this project, so that what is printed there is what is tested. */
public final class Document {
    private Document() {}

    /** The one code block of a language in {@code docs/security.md}. */
    public static String security(String language) throws IOException {
        Path file = Path.of("..", "docs", "security.md");
        List<String> blocks = Pattern.compile("(?ms)^```" + language + "\\R(.*?)^```$")
                .matcher(Files.readString(file))
                .results()
                .map(block -> block.group(1))
                .toList();
        if (blocks.size() != 1) {
            throw new AssertionError(blocks.size() + " blocks of " + language + " in " + file + ", not one");
        }
        return blocks.get(0);
    }
}
