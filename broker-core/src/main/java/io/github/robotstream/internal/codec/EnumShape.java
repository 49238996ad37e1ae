package io.github.robotstream.internal.codec;

import com.google.gson.annotations.SerializedName;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The constants of an enum, by the names that Gson has for them. */
final class EnumShape implements Shape {
    private final Set<String> names = new LinkedHashSet<>();

    EnumShape(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (field.isEnumConstant()) {
                SerializedName name = field.getAnnotation(SerializedName.class);
                names.add(name == null ? field.getName() : name.value());
                names.addAll(name == null ? List.of() : List.of(name.alternate()));
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
