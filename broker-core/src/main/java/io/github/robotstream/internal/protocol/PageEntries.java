package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;

/**
 * The entries of a page. It ends at a limit, and at {@value #MAX_CHARACTERS} characters, which is what a client that does not read its
 * replies can have kept. For one thread.
 */
final class PageEntries {
    private static final int MAX_CHARACTERS = 32 * 1024;

    private final int limit;
    private final StringBuilder entries = new StringBuilder();
    private int count;

    /** None yet, and at most so many. */
    PageEntries(int limit) {
        this.limit = limit;
    }

    /** Puts an entry in, as JSON; returns whether there was room. There is for one of any length. */
    boolean add(String json) {
        if (count == limit || (count > 0 && entries.length() + json.length() > MAX_CHARACTERS)) {
            return false;
        }
        entries.append(count == 0 ? "" : ",").append(json);
        count++;
        return true;
    }

    int characters() {
        return entries.length();
    }

    /** Writes them, and whether no more follow, as the last members of a frame. */
    byte[] toFrame(JsonWriter out, String key, boolean complete) {
        out.key(key).raw("[").raw(entries.toString()).raw("]");
        return out.key("complete").bool(complete).endObject().toBytes();
    }
}
