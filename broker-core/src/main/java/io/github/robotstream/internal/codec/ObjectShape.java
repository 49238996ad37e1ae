package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A record or a class with fields: no member more than it has, none twice, and none less but those that may be null. */
final class ObjectShape implements Shape {
    private final Member[] members;
    /** The usual name of each member as it stands in JSON. */
    private final byte[][] keys;
    /** The place of each member, by each of its names. */
    private final Map<String, Integer> places = new HashMap<>();

    /**
     * One component or field.
     *
     * @param names what it is called in JSON; the first is the usual one
     */
    record Member(List<String> names, Slot slot) {
        String name() {
            return names.get(0);
        }
    }

    ObjectShape(List<Member> members) {
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
            int place = placeOf(in, next);
            if (seen[place]) {
                throw new ValueMismatch("stands twice; keep one").within(members[place].name());
            }
            seen[place] = true;
            next = place + 1;
            check(members[place], in);
        }
        for (int place = 0; place < seen.length; place++) {
            if (!seen[place] && !members[place].slot().nullable()) {
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
    public String expected() {
        return "an object";
    }
}
