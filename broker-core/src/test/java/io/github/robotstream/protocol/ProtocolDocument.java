package io.github.robotstream.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonStreamParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What docs/protocol.md consists of: in each section examples, and tables of the members that frames have. */
final class ProtocolDocument {
    private static final Pattern SECTION = Pattern.compile("(?m)^## (.*)$");
    private static final Pattern BLOCK = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TABLE = Pattern.compile("(?m)^\\| (member[^|]*) \\|.*\n\\|[-|]+\n((?:\\|.*\n)+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** A member that a table describes, and the examples of its section. */
    record Member(String table, String name, List<JsonObject> examples) {
        /**
         * Whether it stands in an example, at the place that the head of its table says: "member of the ack", "member of call" of a frame with that
         * action, "member of `topics`" of what stands there, "member" of any frame.
         */
        boolean isShown() {
            String of = table.replaceFirst("member( of (the )?)?", "");
            if (of.startsWith("`")) {
                String path = "." + of.replace("`", "") + "." + name;
                return paths(examples).anyMatch(shown -> ("." + shown).endsWith(path));
            }
            return paths(examples.stream()
                            .filter(example -> of.isEmpty() || action(example).equals(of))
                            .toList())
                    .anyMatch(name::equals);
        }
    }

    private final List<JsonObject> examples = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    ProtocolDocument() throws IOException {
        Path here = Path.of("docs", "protocol.md");
        String text = Files.readString(Files.exists(here) ? here : Path.of("..").resolve(here));
        for (String section : SECTION.split(text, -1)) {
            List<JsonObject> shown = examples(section);
            examples.addAll(shown);
            TABLE.matcher(section).results().forEach(table -> members(table, shown));
        }
    }

    private static List<JsonObject> examples(String section) {
        List<JsonObject> examples = new ArrayList<>();
        BLOCK.matcher(section)
                .results()
                .forEach(block -> new JsonStreamParser(block.group(1))
                        .forEachRemaining(element -> examples.add(element.getAsJsonObject())));
        examples.removeIf(ProtocolDocument::isBinaryHead);
        return examples;
    }

    /** It is for ProtocolBinaryTest. */
    private static boolean isBinaryHead(JsonObject example) {
        return example.get("data") instanceof JsonObject data
                && data.has("name")
                && data.has("type")
                && !data.has("data");
    }

    private void members(MatchResult table, List<JsonObject> shown) {
        ROW.matcher(table.group(2))
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .forEach(name -> members.add(new Member(table.group(1), name.group(1), shown)));
    }

    List<JsonObject> examples() {
        return examples;
    }

    List<Member> members() {
        return members;
    }

    static String action(JsonObject frame) {
        return frame.has("action") ? frame.get("action").getAsString() : "";
    }

    /** The names of all members at all levels, each behind those that it is in; elements of arrays have none. */
    private static Stream<String> paths(List<JsonObject> frames) {
        Set<String> paths = new LinkedHashSet<>();
        frames.forEach(frame -> paths(frame, "", paths));
        return paths.stream();
    }

    private static void paths(JsonElement element, String before, Set<String> paths) {
        if (element instanceof JsonObject object) {
            object.entrySet().forEach(member -> {
                paths.add(before + member.getKey());
                paths(member.getValue(), before + member.getKey() + ".", paths);
            });
        } else if (element instanceof JsonArray array) {
            array.forEach(each -> paths(each, before, paths));
        }
    }
}
