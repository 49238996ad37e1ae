package io.github.robotstream.internal.codec;

import com.google.gson.TypeAdapter;
import com.google.gson.annotations.SerializedName;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What JSON has to look like to be read strictly as one Java type; making the value is left to Gson. Immutable; any thread. */
interface Shape {
    /** Passes over the value that comes next, which is not null, if it fits. */
    void check(JsonCursor in) throws ValueMismatch, JsonException;

    /** What fits, as it stands in a sentence: "a number". Its length is bounded. */
    String expected();

    /** The type in a JSON Schema; empty if it may be any. */
    String schemaType();

    /** Says what a JSON Schema has to tell beside the type; {@code orNull} where null may stand as well. */
    default void describe(Schema schema, boolean orNull) {}

    /** The shape that this one stands for. */
    default Shape itself() {
        return this;
    }

    /** Checks a key of a map whose keys are of this shape. */
    default void checkKey(String key) throws ValueMismatch, JsonException {
        JsonCursor in = new JsonCursor(key.getBytes(StandardCharsets.UTF_8));
        check(in);
        in.finish();
    }

    /** The names that Gson has for a field or constant; it is written with the first. */
    static List<String> namesOf(Field field) {
        SerializedName name = field.getAnnotation(SerializedName.class);
        List<String> names = new ArrayList<>(List.of(name == null ? field.getName() : name.value()));
        names.addAll(name == null ? List.of() : List.of(name.alternate()));
        return names;
    }

    default void require(JsonKind kind, JsonCursor in) throws ValueMismatch, JsonException {
        JsonKind found = in.kind();
        if (found != kind) {
            throw ValueMismatch.of(found.words(), expected());
        }
    }

    /** A place for a value: a member, an element, or the whole. A member that is nullable may be missing. */
    record Slot(Shape shape, boolean nullable) {
        Slot orNull() {
            return new Slot(shape, true);
        }

        void check(JsonCursor in) throws ValueMismatch, JsonException {
            if (in.kind() != JsonKind.NULL) {
                shape.check(in);
            } else if (nullable) {
                in.skip();
            } else {
                throw ValueMismatch.ofNull(shape.expected());
            }
        }
    }

    /** Values without parts that are no numbers. */
    enum ScalarShape implements Shape {
        STRING("a string", "string") {
            @Override
            public void check(JsonCursor in) throws ValueMismatch, JsonException {
                require(JsonKind.STRING, in);
                in.skip();
            }

            @Override
            public void checkKey(String key) {}
        },
        CHARACTER("a string of one character", "string") {
            @Override
            public void check(JsonCursor in) throws ValueMismatch, JsonException {
                require(JsonKind.STRING, in);
                checkKey(in.readText());
            }

            @Override
            public void checkKey(String text) throws ValueMismatch {
                if (text.length() != 1) {
                    throw ValueMismatch.of("a string of another length", expected());
                }
            }
        },
        BOOLEAN("true or false", "boolean") {
            @Override
            public void check(JsonCursor in) throws ValueMismatch, JsonException {
                require(JsonKind.BOOLEAN, in);
                in.skip();
            }
        },
        /** What is read as {@code Object} or {@code JsonElement}, or where the type is not known before a value is there. */
        ANY("a value", "") {
            @Override
            public void check(JsonCursor in) throws JsonException {
                in.skip();
            }

            @Override
            public void checkKey(String key) {}
        };

        private final String expected;
        private final String schemaType;

        ScalarShape(String expected, String schemaType) {
            this.expected = expected;
            this.schemaType = schemaType;
        }

        @Override
        public String schemaType() {
            return schemaType;
        }

        @Override
        public String expected() {
            return expected;
        }
    }

    /** Integers have to be written as such: {@code 5.0} and {@code 5e0} are not read as 5. */
    record IntegerShape(long min, long max) implements Shape {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.NUMBER, in);
            in.skipNumber();
            OptionalLong usual = in.shortInteger();
            long value = usual.isPresent() ? usual.getAsLong() : unusual(in.numberText());
            if (value < min || value > max) {
                throw ValueMismatch.of("out of range", expected());
            }
        }

        private long unusual(String number) throws ValueMismatch {
            try {
                return Long.parseLong(number);
            } catch (NumberFormatException e) {
                boolean digitsOnly = number.chars().allMatch(c -> c == '-' || Character.isDigit(c));
                throw ValueMismatch.of(digitsOnly ? "out of range" : "written with a fraction or exponent", expected());
            }
        }

        @Override
        public String schemaType() {
            return "integer";
        }

        @Override
        public String expected() {
            return "an integer from " + min + " to " + max;
        }
    }

    record FloatingShape(double max) implements Shape {
        /** A number of no more characters, without an exponent, is in the range of a float. */
        private static final int SURELY_IN_RANGE = 30;

        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.NUMBER, in);
            in.skipNumber();
            if (!in.isShortDecimal(SURELY_IN_RANGE) && Math.abs(Double.parseDouble(in.numberText())) > max) {
                throw ValueMismatch.of("out of range", "a number up to " + max);
            }
        }

        @Override
        public String schemaType() {
            return "number";
        }

        @Override
        public String expected() {
            return "a number";
        }
    }

    /** The constants of an enum, by the names that Gson has for them. */
    final class EnumShape implements Shape {
        private final Set<String> names = new LinkedHashSet<>();
        /** Those that are written; others are read too. */
        private final List<String> written = new ArrayList<>();

        EnumShape(Class<?> type) {
            for (Field constant : type.getDeclaredFields()) {
                if (constant.isEnumConstant()) {
                    List<String> all = namesOf(constant);
                    names.addAll(all);
                    written.add(all.get(0));
                }
            }
        }

        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.STRING, in);
            checkKey(in.readText());
        }

        @Override
        public void checkKey(String name) throws ValueMismatch {
            if (!names.contains(name)) {
                throw ValueMismatch.of("no constant that is known", expected());
            }
        }

        @Override
        public String schemaType() {
            return "string";
        }

        @Override
        public void describe(Schema schema, boolean orNull) {
            schema.constants(written, orNull);
        }

        @Override
        public String expected() {
            return "one of " + list(names);
        }

        /** The first names of many, so that the text stays short. */
        static String list(Collection<String> names) {
            int most = 200;
            String all = String.join(", ", names);
            return all.length() <= most ? all : all.substring(0, most) + "…";
        }
    }

    record ListShape(Slot element) implements Shape {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.ARRAY, in);
            int index = 0;
            for (boolean more = in.enterArray(); more; more = in.nextElement()) {
                try {
                    element.check(in);
                } catch (ValueMismatch e) {
                    throw e.within("[" + index + "]");
                }
                index++;
            }
        }

        @Override
        public String schemaType() {
            return "array";
        }

        @Override
        public void describe(Schema schema, boolean orNull) {
            schema.items(element);
        }

        @Override
        public String expected() {
            return "an array";
        }
    }

    /** A map: its keys are the names of an object's members. Gson refuses a key that stands twice. */
    record MapShape(Shape key, Slot value) implements Shape {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.OBJECT, in);
            for (boolean more = in.enterObject(); more; more = in.nextMember()) {
                String name = in.memberKey();
                try {
                    checkKey(name, key);
                    value.check(in);
                } catch (ValueMismatch e) {
                    throw e.within(JsonErrors.excerpt(name));
                }
            }
        }

        private static void checkKey(String name, Shape key) throws ValueMismatch {
            try {
                key.checkKey(name);
            } catch (ValueMismatch | JsonException e) {
                throw new ValueMismatch("is no key of this map; a key has to be " + key.expected());
            }
        }

        @Override
        public String schemaType() {
            return "object";
        }

        @Override
        public String expected() {
            return "an object";
        }
    }

    /** A record or a class with fields: no member more than it has, none twice, and none less but those that may be null. */
    final class ObjectShape implements Shape {
        private final Member[] members;
        /** Whether other members may stand there, those of its own twice, or not. */
        private final boolean lenient;
        /** The usual name of each member as it stands in JSON. */
        private final byte[][] keys;
        /** The place of each member, by each of its names. */
        private final Map<String, Integer> places = new HashMap<>();

        /** A component or field; the first name is the usual one in JSON. */
        record Member(List<String> names, Slot slot) {
            String name() {
                return names.get(0);
            }
        }

        ObjectShape(List<Member> members, boolean lenient) {
            this.lenient = lenient;
            this.members = members.toArray(Member[]::new);
            this.keys = members.stream()
                    .map(member -> new JsonWriter().string(member.name()).toBytes())
                    .toArray(byte[][]::new);
            for (int place = 0; place < this.members.length; place++) {
                for (String name : this.members[place].names()) {
                    places.put(name, place);
                }
            }
        }

        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.OBJECT, in);
            boolean[] seen = new boolean[members.length];
            int next = 0;
            for (boolean more = in.enterObject(); more; more = in.nextMember()) {
                if (lenient && !places.containsKey(in.memberKey())) {
                    in.skip();
                    continue;
                }
                int place = placeOf(in, next);
                if (seen[place] && !lenient) {
                    throw new ValueMismatch("stands twice; keep one").within(members[place].name());
                }
                seen[place] = true;
                next = place + 1;
                check(members[place], in);
            }
            for (int place = 0; place < seen.length; place++) {
                if (!seen[place] && !lenient && !members[place].slot().nullable()) {
                    throw missing(members[place]);
                }
            }
        }

        /** Members mostly stand in the order of the class and are spelled without escapes, which is seen without a look-up. */
        private int placeOf(JsonCursor in, int next) throws ValueMismatch {
            if (next < members.length && in.isKeySpelled(keys[next])) {
                return next;
            }
            Integer place = places.get(in.memberKey());
            if (place == null) {
                throw new ValueMismatch("is unknown; known " + known()).within(JsonErrors.excerpt(in.memberKey()));
            }
            return place;
        }

        private static void check(Member member, JsonCursor in) throws ValueMismatch, JsonException {
            try {
                member.slot().check(in);
            } catch (ValueMismatch e) {
                throw e.within(member.name());
            }
        }

        private static ValueMismatch missing(Member member) {
            return ValueMismatch.of("missing", member.slot().shape().expected()).within(member.name());
        }

        private String known() {
            return members.length == 0
                    ? "is no member"
                    : "are "
                            + EnumShape.list(
                                    List.of(members).stream().map(Member::name).toList());
        }

        @Override
        public String schemaType() {
            return "object";
        }

        @Override
        public void describe(Schema schema, boolean orNull) {
            schema.members(List.of(members));
        }

        @Override
        public String expected() {
            return "an object";
        }
    }

    /** Whatever Gson makes a value of another shape of: texts of numbers, numbers for texts, constants that are not known. */
    record LenientShape(Shape exact) implements Shape {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            JsonKind found = in.kind();
            boolean plain = found == JsonKind.STRING || found == JsonKind.NUMBER || found == JsonKind.BOOLEAN;
            if (plain && (exact == ScalarShape.STRING || exact instanceof EnumShape)) {
                in.skip();
            } else if (found == JsonKind.STRING && exact == ScalarShape.BOOLEAN) {
                in.skip();
            } else if (found == JsonKind.STRING && (exact instanceof IntegerShape || exact instanceof FloatingShape)) {
                requireNumber(in.readText());
            } else {
                exact.check(in);
            }
        }

        private void requireNumber(String text) throws ValueMismatch {
            try {
                Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw ValueMismatch.of(JsonKind.STRING.words(), expected());
            }
        }

        @Override
        public void checkKey(String key) throws ValueMismatch, JsonException {
            if (!(exact instanceof EnumShape)) {
                exact.checkKey(key);
            }
        }

        @Override
        public String schemaType() {
            return exact.schemaType();
        }

        @Override
        public String expected() {
            return exact.expected();
        }
    }

    /** A type of which only its Gson adapter knows what fits, as {@code BigDecimal}; null where the kind in JSON is its affair too. */
    record AdapterShape(
            Class<?> type, TypeAdapter<?> adapter, @Nullable JsonKind kind) implements Shape {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            if (kind != null) {
                require(kind, in);
            }
            checkJson(in.readJson());
        }

        @Override
        public void checkKey(String key) throws ValueMismatch {
            checkJson(new String(new JsonWriter().string(key).toBytes(), StandardCharsets.UTF_8));
        }

        private void checkJson(String json) throws ValueMismatch {
            try {
                if (adapter.fromJson(json) != null) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                // Its text may show the value.
            }
            throw ValueMismatch.of("no " + type.getSimpleName(), expected());
        }

        @Override
        public String schemaType() {
            return kind == JsonKind.NUMBER ? "number" : "";
        }

        @Override
        public String expected() {
            String one = kind == null ? "a value" : kind.words();
            return one + " that can be read as " + type.getSimpleName();
        }
    }
}
