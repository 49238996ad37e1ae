package io.github.robotstream.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Types whose form on the wire is the broker's own, and those that have none. */
class OwnFormsTest {
    record Plan(
            Instant start,
            Duration length,
            LocalDate day,
            LocalTime at,
            LocalDateTime local,
            OffsetDateTime offset,
            UUID id,
            List<Duration> laps) {}

    record Wait(Duration time) {}

    interface Shape {}

    record Circle(double radius) implements Shape {}

    abstract static sealed class Tool permits Gripper {}

    static final class Gripper extends Tool {}

    record Holder(List<Shape> shapes) {}

    enum Speed {
        SLOW {
            @Override
            double metres() {
                return 0.1;
            }
        };

        abstract double metres();
    }

    @Test
    void timesAreStringsOfIso8601() throws IOException {
        Plan plan = new Plan(
                Instant.parse("2026-11-26T12:00:00.5Z"),
                Duration.ofMillis(1_500),
                LocalDate.of(2026, 11, 26),
                LocalTime.of(12, 30),
                LocalDateTime.of(2026, 11, 26, 12, 30),
                OffsetDateTime.parse("2026-11-26T12:30:00+01:00"),
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                List.of(Duration.ofMinutes(2)));
        String json = GsonCodec.strict(Plan.class).encode(plan);
        assertThat(json)
                .isEqualTo("{'start':'2026-11-26T12:00:00.500Z','length':'PT1.5S','day':'2026-11-26','at':'12:30',"
                                .replace('\'', '"')
                        + "'local':'2026-11-26T12:30','offset':'2026-11-26T12:30+01:00',".replace('\'', '"')
                        + "'id':'00000000-0000-0001-0000-000000000002','laps':['PT2M']}".replace('\'', '"'));
        assertThat(GsonCodec.strict(Plan.class).decode(json)).isEqualTo(plan);
        assertThat(GsonCodec.lenient(Plan.class).decode(json)).isEqualTo(plan);
    }

    @Test
    void aTimeThatIsNoneIsRefusedWithItsPlaceAndWithoutTheValue() {
        assertThatThrownBy(() -> GsonCodec.strict(Wait.class).decode("{\"time\":\"secret\"}"))
                .isInstanceOf(ValueMismatch.class)
                .hasMessageContaining("time")
                .hasMessageContaining("Duration")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> GsonCodec.lenient(Wait.class).decode("{\"time\":\"secret\"}"))
                .isInstanceOf(ValueMismatch.class)
                .hasMessageContaining("ISO 8601")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> GsonCodec.lenient(Wait.class).decode("{\"time\":5}"))
                .isInstanceOf(ValueMismatch.class);
    }

    @Test
    void interfacesAndSealedClassesAreRefusedWhereTheyAreDeclared() {
        for (Class<?> type : List.of(Shape.class, Tool.class, Holder.class, Shape[].class)) {
            assertThatThrownBy(() -> GsonCodec.lenient(type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("use a record, or give Topic a codec");
            assertThatThrownBy(() -> GsonCodec.strict(type)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(GsonCodec.lenient(Circle.class).isStrict()).isFalse();
    }

    @Test
    void anEnumWhoseConstantsHaveBodiesIsWrittenByName() throws IOException {
        assertThat(GsonCodec.strict(Speed.class).encode(Speed.SLOW)).isEqualTo("\"SLOW\"");
    }
}
