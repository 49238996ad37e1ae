package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.robotstream.TopicCodec;
import java.io.IOException;

/** Values through Gson, strictly; a number that JSON has no word for is {@code null}, and comes back as NaN. */
public final class GsonCodec<T> implements TopicCodec<T> {
    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapter(double.class, new DoubleAdapter())
            .registerTypeAdapter(Double.class, new DoubleAdapter())
            .registerTypeAdapter(float.class, new FloatAdapter())
            .registerTypeAdapter(Float.class, new FloatAdapter())
            .create();

    private final TypeAdapter<T> adapter;
    private final Class<T> type;

    /**
     * A codec for a class.
     *
     * @throws IllegalArgumentException if Gson has no form for it
     */
    public GsonCodec(Class<T> type) {
        this.type = type;
        try {
            this.adapter = GSON.getAdapter(type);
        } catch (JsonParseException | IllegalArgumentException e) {
            throw new IllegalArgumentException("no JSON form for " + type.getName() + ": give Topic a codec", e);
        }
    }

    @Override
    public String encode(T value) {
        return adapter.toJson(value);
    }

    @Override
    public T decode(String json) throws IOException {
        T value = GSON.fromJson(json, type);
        if (value == null) {
            throw new IOException("null is no " + type.getSimpleName());
        }
        return value;
    }

    private static final class DoubleAdapter extends TypeAdapter<Double> {
        @Override
        public void write(JsonWriter out, Double value) throws IOException {
            out.value(value == null || !Double.isFinite(value) ? null : value);
        }

        @Override
        public Double read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Double.NaN;
            }
            return in.nextDouble();
        }
    }

    private static final class FloatAdapter extends TypeAdapter<Float> {
        @Override
        public void write(JsonWriter out, Float value) throws IOException {
            out.value(value == null || !Float.isFinite(value) ? null : value);
        }

        @Override
        public Float read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Float.NaN;
            }
            return (float) in.nextDouble();
        }
    }
}
