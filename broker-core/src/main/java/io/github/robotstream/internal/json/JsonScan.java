package io.github.robotstream.internal.json;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Reads one JSON text in one pass over its bytes and builds nothing: it judges the text and remembers where the members of the
 * outermost object, and of the objects right in it, stand. Strict RFC 8259 in UTF-8, at most {@value #MAX_DEPTH} levels deep, no
 * key twice in one object. A usual text allocates nothing. For one thread at a time; what it tells holds until the next {@link
 * #read}.
 */
public final class JsonScan extends JsonTokens {
    /** How deep objects and arrays may nest. */
    public static final int MAX_DEPTH = 64;

    /** Stands for the outermost value where a member is asked for. */
    public static final int ROOT = -1;

    /** No such member. */
    public static final int ABSENT = -2;

    private final DuplicateKeys keys = new DuplicateKeys();
    private final JsonMembers members = new JsonMembers();
    private int rootStart;
    private int rootEnd;
    private int depth;
    private int maxDepth;
    /** Bit n tells that level n + 1 is an object, not an array. */
    private long objectLevels;

    /** Reads the text of {@code length} bytes at {@code offset}. */
    public void read(byte[] text, int offset, int length) throws JsonException {
        read(text, offset, length, MAX_DEPTH);
    }

    /** Reads a text that may nest less deep, as it is to stand inside another. */
    public void read(byte[] text, int offset, int length, int deepest) throws JsonException {
        Objects.checkFromIndexSize(offset, length, text.length);
        keys.clear();
        members.clear();
        bytes = text;
        position = offset;
        end = offset + length;
        depth = 0;
        maxDepth = deepest;
        try {
            document();
        } catch (JsonException e) {
            members.clear();
            throw e.countedFrom(offset);
        }
    }

    public void forget() {
        bytes = NOTHING;
        members.clear();
    }

    /** The first member of the object that is the value of {@code parent}, or {@link #ABSENT}. */
    public int firstMember(int parent) {
        return members.first(parent);
    }

    /** The member after this one, or {@link #ABSENT}. */
    public int nextMember(int member) {
        return members.next(member);
    }

    /** The member with that key, which is ASCII, in the object that is the value of {@code parent}, or {@link #ABSENT}. */
    public int member(int parent, String key) {
        int member = members.first(parent);
        while (member != ABSENT && !JsonStrings.is(key, bytes, members.keyOpen(member))) {
            member = members.next(member);
        }
        return member;
    }

    /** The key of a member, unescaped. */
    public String key(int member) {
        return JsonStrings.textAt(bytes, members.keyOpen(member));
    }

    /** The kind of the member's value, or that of {@link #ROOT}. */
    public JsonKind kind(int member) {
        return JsonKind.startingWith(bytes[valueStart(member)]);
    }

    /** Where the value of the member, or of {@link #ROOT}, begins in the bytes. */
    public int valueStart(int member) {
        return member == ROOT ? rootStart : members.valueStart(member);
    }

    /** The index after the value of the member, or of {@link #ROOT}. */
    public int valueEnd(int member) {
        return member == ROOT ? rootEnd : members.valueEnd(member);
    }

    /** The text of a member whose value is a string, unescaped. */
    public String text(int member) {
        return JsonStrings.text(bytes, members.valueStart(member), members.valueEnd(member));
    }

    /** Whether the member's value, a string, is this ASCII text. */
    public boolean textIs(int member, String ascii) {
        return JsonStrings.is(ascii, bytes, members.valueStart(member));
    }

    /** Whether the member's value, a string, has at most so many characters. */
    public boolean isTextUpTo(int characters, int member) {
        return JsonStrings.isUpTo(characters, bytes, members.valueStart(member));
    }

    public boolean isTrue(int member) {
        return bytes[members.valueStart(member)] == 't';
    }

    /** The member's value if it is a number written as an integer, from -(2^53-1) to 2^53-1. */
    public OptionalLong integer(int member) {
        return JsonNumbers.integer(bytes, members.valueStart(member), members.valueEnd(member));
    }

    private void document() throws JsonException {
        skipSpace();
        rootStart = position;
        boolean valueFollows = true;
        while (valueFollows) {
            valueFollows = beginValue() || afterValue();
        }
        rootEnd = position;
        nothingMore();
    }

    /** Reads a whole scalar or empty container, or the opening of another: then true, its first value follows. */
    private boolean beginValue() throws JsonException {
        switch (peek()) {
            case '{' -> {
                open(true);
                if (peek() != '}') {
                    member();
                    return true;
                }
                close();
            }
            case '[' -> {
                open(false);
                if (peek() != ']') {
                    return true;
                }
                close();
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
        return false;
    }

    /** Reads what may stand after a value: ends of containers, and a comma: then true, another value follows. */
    private boolean afterValue() throws JsonException {
        while (depth > 0) {
            boolean inObject = inObject();
            if (inObject && depth <= JsonMembers.MAX_LEVEL) {
                members.end(depth, position);
            }
            if (comma(inObject ? '}' : ']')) {
                if (inObject) {
                    member();
                }
                return true;
            }
            close();
        }
        return false;
    }

    private void open(boolean object) throws JsonException {
        if (depth == maxDepth) {
            throw JsonErrors.tooDeep(position, MAX_DEPTH);
        }
        long level = 1L << depth++;
        if (object) {
            objectLevels |= level;
            keys.objectBegins(depth);
        } else {
            objectLevels &= ~level;
        }
        position++;
        skipSpace();
    }

    private void close() throws JsonException {
        position++;
        if (inObject()) {
            keys.objectEnds(bytes, depth);
        }
        depth--;
    }

    private boolean inObject() {
        return (objectLevels >>> (depth - 1) & 1) != 0;
    }

    /** Reads what stands in front of a member's value. */
    private void member() throws JsonException {
        int keyOpen = key();
        keys.add(keyOpen);
        if (depth <= JsonMembers.MAX_LEVEL) {
            members.begin(depth, keyOpen, position);
        }
    }
}
