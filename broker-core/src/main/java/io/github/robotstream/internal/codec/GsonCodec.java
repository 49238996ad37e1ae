package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonWriter;
import io.github.robotstream.TopicCodec;
import java.io.IOException;
import java.util.Set;

/** Values through Gson, strictly; a number that JSON has no word for is {@code null}, and comes back as NaN. */
public final class GsonCodec<T> implements TopicCodec<T> {
    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapterFactory(NumberAdapters.FACTORY)
            .create();
    /** Types of which Java's own text is JSON, but for numbers that are not finite. */
    private static final Set<Class<?>> PLAIN =
            Set.of(Double.class, Float.class, Long.class, Integer.class, Short.class, Byte.class, Boolean.class);

    private final TypeAdapter<T> adapter;
    private final Class<T> type;
    private final boolean plain;

    /**
     * A codec for a class.
     *
     * @throws IllegalArgumentException if Gson has no form for it
     */
    public GsonCodec(Class<T> type) {
        this.type = type;
        this.plain = PLAIN.contains(type);
        try {
            this.adapter = GSON.getAdapter(type);
        } catch (JsonParseException | IllegalArgumentException e) {
            throw new IllegalArgumentException("no JSON form for " + type.getName() + ": give Topic a codec", e);
        }
    }

    @Override
    public String encode(T value) throws IOException {
        if (plain) {
            return NumberAdapters.isFinite(value) ? value.toString() : "null";
        }
        JsonText text = new JsonText();
        adapter.write(new JsonWriter(text), value);
        return text.toString();
    }

    @Override
    public T decode(String json) throws IOException {
        T value = GSON.fromJson(json, type);
        if (value == null) {
            throw new IOException("null is no " + type.getSimpleName());
        }
        return value;
    }
}
