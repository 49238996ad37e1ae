package io.github.robotstream.internal.codec;

import com.google.gson.TypeAdapter;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A type of which only its Gson adapter knows what fits, such as {@code UUID} or {@code BigDecimal}.
 *
 * @param kind the kind that it has in JSON, or null if that is the adapter's affair
 */
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
    public String expected() {
        String one = kind == null ? "a value" : kind.words();
        return one + " that can be read as " + type.getSimpleName();
    }
}
