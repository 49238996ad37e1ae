package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topics of generic types. */
class JsonCodecTest {
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE_USE)
    @interface Nullable {}

    record Pose(double x, double y) {}

    private static final Topic<List<Pose>> PATH = Topic.state("path", "Path", new JsonCodec<List<Pose>>() {});
    private static final Topic<Map<String, Pose>> GOALS =
            Topic.command("goals", "Goals", new JsonCodec<Map<String, Pose>>() {});

    @Test
    void valuesAreOfTheTypeThatIsSaid() throws Exception {
        List<Pose> path = List.of(new Pose(1, 2), new Pose(3, 4));
        String json = PATH.codec().encode(path);

        assertThat(json).isEqualTo("[{\"x\":1.0,\"y\":2.0},{\"x\":3.0,\"y\":4.0}]");
        assertThat(PATH.codec().decode(json)).isEqualTo(path);
        assertThat(new JsonCodec<List<Pose>>() {}.decode(json)).as("by itself").isEqualTo(path);
    }

    @Test
    void clientsSeeTheSchema() {
        assertThat(PATH.schema().orElseThrow())
                .isEqualTo("{'type':'array','items':{'type':'object','properties':{'x':{'type':'number'},"
                                .replace('\'', '"')
                        + "'y':{'type':'number'}},'required':['x','y']}}".replace('\'', '"'));
    }

    @Test
    void commandsAreReadStrictlyAndStatesLeniently() throws Exception {
        assertThatThrownBy(() -> GOALS.codec().decode("{\"a\":{\"x\":1}}"))
                .hasMessage("a.y is missing; it has to be a number");
        assertThat(GOALS.lenient().codec().decode("{\"a\":{\"x\":1}}")).containsEntry("a", new Pose(1, 0));
        assertThat(PATH.codec().decode("[{\"x\":1}]")).containsExactly(new Pose(1, 0));
        assertThatThrownBy(() -> PATH.strict().codec().decode("[{\"x\":1}]"))
                .hasMessage("[0].y is missing; it has to be a number");
    }

    @Test
    void nullMayStandWhereTheTypeSaysSo() throws Exception {
        Topic<List<@Nullable Pose>> gaps = Topic.command("gaps", "Path", new JsonCodec<List<@Nullable Pose>>() {});

        assertThat(gaps.codec().decode("[null]")).isEqualTo(Arrays.asList((Pose) null));
        assertThatThrownBy(() -> PATH.strict().codec().decode("[null]"))
                .hasMessage("[0] is null; it has to be an object");
    }

    private static <E> JsonCodec<List<E>> ofVariable() {
        return new JsonCodec<List<E>>() {};
    }

    private static class Indirect<E> extends JsonCodec<List<String>> {}

    @SuppressWarnings("rawtypes")
    private static final class Raw extends JsonCodec {}

    @Test
    void aTypeThatIsNotSaidIsRefused() {
        String remedy = "make it as new JsonCodec<List<Pose>>() {}";
        assertThatIllegalArgumentException()
                .isThrownBy(JsonCodecTest::ofVariable)
                .withMessageEndingWith(remedy);
        assertThatIllegalArgumentException().isThrownBy(Raw::new).withMessageEndingWith(remedy);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Indirect<String>() {})
                .withMessageEndingWith(remedy);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JsonCodec<List<Runnable>>() {})
                .withMessageContaining("java.lang.Runnable");
    }
}
