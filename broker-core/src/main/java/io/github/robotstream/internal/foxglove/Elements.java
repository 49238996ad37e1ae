package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the elements of a list in a client's message: numbers, or objects of numbers and texts. For one thread. */
final class Elements {
    private static final long MOST_UNSIGNED = 0xFFFF_FFFFL;

    private final JsonCursor cursor;
    private final String list;

    private Elements(JsonCursor cursor, String list) {
        this.cursor = cursor;
        this.list = list;
    }

    /** What is done with an element, once it is read. */
    interface Reader {
        void read(Elements element) throws RequestRejectedException, JsonException;
    }

    /**
     * Has each element of a list read.
     *
     * @param list what the list is called
     * @param json the list, which is valid JSON
     */
    static void each(String list, byte[] json, Reader reader) throws RequestRejectedException {
        JsonCursor cursor = new JsonCursor(json);
        Elements elements = new Elements(cursor, list);
        try {
            if (cursor.kind() != JsonKind.ARRAY) {
                throw Rejections.badRequest("\"" + list + "\" has to be an array");
            }
            for (boolean more = cursor.enterArray(); more; more = cursor.nextElement()) {
                reader.read(elements);
            }
        } catch (JsonException e) {
            throw new IllegalStateException("JSON that was read before", e);
        }
    }

    /** The element that comes next, an integer of 32 bits without a sign. */
    int number() throws RequestRejectedException, JsonException {
        return number("an element of \"" + list + "\"");
    }

    private int number(String what) throws RequestRejectedException, JsonException {
        if (cursor.kind() == JsonKind.NUMBER) {
            cursor.skipNumber();
            OptionalLong value = cursor.shortInteger();
            if (value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() <= MOST_UNSIGNED) {
                return (int) value.getAsLong();
            }
        }
        throw Rejections.badRequest(what + " has to be an integer from 0 to " + MOST_UNSIGNED);
    }

    /** The members of the element that comes next, an object. */
    Members members() throws RequestRejectedException, JsonException {
        if (cursor.kind() != JsonKind.OBJECT) {
            throw Rejections.badRequest("an element of \"" + list + "\" has to be an object");
        }
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (boolean more = cursor.enterObject(); more; more = cursor.nextMember()) {
            String key = cursor.memberKey();
            switch (key) {
                case "id", "channelId" -> numbers.put(key, number("\"" + key + "\" in \"" + list + "\""));
                case "topic", "encoding", "schemaName" -> {
                    if (cursor.kind() != JsonKind.STRING) {
                        throw Rejections.badRequest("\"" + key + "\" in \"" + list + "\" has to be a string");
                    }
                    texts.put(key, cursor.readText());
                }
                default -> cursor.skip();
            }
        }
        return new Members(list, numbers, texts);
    }

    /** What was read of an object. */
    record Members(String list, Map<String, Integer> numbers, Map<String, String> texts) {
        int number(String key) throws RequestRejectedException {
            return required(numbers, key);
        }

        String text(String key) throws RequestRejectedException {
            return required(texts, key);
        }

        private <T> T required(Map<String, T> of, String key) throws RequestRejectedException {
            T value = of.get(key);
            if (value == null) {
                throw Rejections.badRequest("an element of \"" + list + "\" lacks \"" + key + "\"; add it");
            }
            return value;
        }
    }
}
