package io.github.robotstream.internal.codec;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes one value as JSON text, and tells a null of the application from one that stands for a number that is not finite. For one
 * thread.
 */
final class ValueWriter extends JsonWriter {
    private static final String NULL = "null";

    private final JsonText text;
    private boolean hasNull;
    /** Where the text has null for a number that is not finite. */
    private @Nullable BitSet notFinite;

    private ValueWriter(JsonText text) {
        super(text);
        this.text = text;
    }

    ValueWriter() {
        this(new JsonText());
    }

    /** Writes null in place of a number that is not finite; {@code out} may be a writer of another kind, of a tree for instance. */
    static void writeNotFinite(JsonWriter out) throws IOException {
        if (out instanceof ValueWriter writer) {
            writer.writeNotFinite();
        } else {
            out.nullValue();
        }
    }

    private void writeNotFinite() throws IOException {
        super.nullValue();
        if (notFinite == null) {
            notFinite = new BitSet();
        }
        notFinite.set(text.length() - NULL.length());
    }

    @Override
    public JsonWriter nullValue() throws IOException {
        hasNull = true;
        return super.nullValue();
    }

    /** Whether the value or a part of it is null. */
    boolean hasNull() {
        return hasNull;
    }

    String text() {
        return text.toString();
    }

    /** The same text, with zeros in place of numbers that are not finite. */
    String textWithoutNotFinite() {
        StringBuilder changed = new StringBuilder(text());
        if (notFinite != null) {
            // Of equal length, so that the other places stay where they are.
            notFinite.stream().forEach(place -> changed.replace(place, place + NULL.length(), "0   "));
        }
        return changed.toString();
    }
}
