package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.reflect.TypeToken;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses interfaces and sealed classes where a topic is declared, also as members: Gson would write them, as an empty object if they are
 * the value itself, and could read none of them.
 */
final class InterfacesRefused implements TypeAdapterFactory {
    /** Says which type, and what to do. */
    static final class Refusal extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Refusal(Class<?> type, String why) {
            super("no JSON form for " + type.getName() + ": " + why);
        }
    }

    @Override
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        boolean isOpen = type.isInterface() || (type.isSealed() && !Enum.class.isAssignableFrom(type));
        boolean hasForm = Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || type.isAnnotationPresent(JsonAdapter.class);
        if (isOpen && !hasForm) {
            String what = type.isInterface() ? "an interface" : "a sealed class";
            throw new Refusal(
                    type,
                    "JSON does not say which of the classes behind " + what
                            + " a value is of; use a record, or give Topic a codec");
        }
        return null;
    }
}
