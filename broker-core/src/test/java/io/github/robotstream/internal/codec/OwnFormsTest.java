package io.github.robotstream.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.annotations.SerializedName;
import io.github.robotstream.ByNumber;
import io.github.robotstream.JsonCodec;
import io.github.robotstream.TopicCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    record Scan(byte[] data, List<byte[]> rows) {}

    record Parts(
            UUID id,
            byte[] data,

            @SerializedName(value = "max", alternate = "limit")
            Optional<Double> most) {}

    @Test
    void arraysOfBytesAreBase64() throws IOException {
        Scan scan = new Scan(new byte[] {0, (byte) 255, 1, 2}, List.of(new byte[0], new byte[] {7}));
        String json = "{\"data\":\"AP8BAg==\",\"rows\":[\"\",\"Bw==\"]}";

        for (GsonCodec<Scan> codec : List.of(GsonCodec.strict(Scan.class), GsonCodec.lenient(Scan.class))) {
            assertThat(codec.encode(scan)).isEqualTo(json);
            assertThat(codec.decode(json).data()).isEqualTo(scan.data());
            assertThat(codec.decode(json).rows().get(1)).isEqualTo(new byte[] {7});
        }
        assertThat(GsonCodec.lenient(byte[].class).encode(new byte[] {7})).isEqualTo("\"Bw==\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Bw\"", "\"Bw=\"", "\"B-_=\"", "\"Bw==\\n\"", "\"?\""})
    void whatIsNoPaddedBase64IsRefusedAndTheMemberNamed(String text) {
        String json = "{\"data\":" + text + ",\"rows\":[]}";
        for (GsonCodec<Scan> codec : List.of(GsonCodec.strict(Scan.class), GsonCodec.lenient(Scan.class))) {
            assertThatThrownBy(() -> codec.decode(json))
                    .isInstanceOf(ValueMismatch.class)
                    .hasMessage("data is no base64; it has to be a string of base64, padded with =");
        }
        assertThatThrownBy(() -> GsonCodec.strict(Scan.class).decode("{\"data\":[1],\"rows\":[]}"))
                .hasMessage("data is an array; it has to be a string of base64, padded with =");
    }

    @Test
    void aUuidHas36Characters() {
        assertThatThrownBy(() -> GsonCodec.lenient(Parts.class).decode("{\"id\":\"1-2-3-4-5\"}"))
                .isInstanceOf(ValueMismatch.class)
                .hasMessageStartingWith("id is no UUID; ");
    }

    @Test
    void anOptionalMayBeMissingAndIsKnownByAllItsNames() throws IOException {
        String rest = "{\"id\":\"00000000-0000-0001-0000-000000000002\",\"data\":\"\"";
        for (GsonCodec<Parts> codec : List.of(GsonCodec.strict(Parts.class), GsonCodec.lenient(Parts.class))) {
            assertThat(codec.decode(rest + "}").most()).isEmpty();
            assertThat(codec.decode(rest + ",\"max\":null}").most()).isEmpty();
            assertThat(codec.decode(rest + ",\"max\":1}").most()).contains(1.0);
            assertThat(codec.decode(rest + ",\"limit\":2}").most()).contains(2.0);
        }
    }

    record Counted(int n, long big, byte small, Gear gear, Optional<Double> most) {}

    @ParameterizedTest
    @ValueSource(strings = {"'n':1e99", "'n':1.5", "'n':3000000000", "'big':1e99", "'small':1000", "'gear':1e99"})
    void anIntegerThatDoesNotFitIsRefusedBesideAnOptionalToo(String member) throws IOException {
        GsonCodec<Counted> codec = GsonCodec.lenient(Counted.class);
        assertThatThrownBy(() -> codec.decode("{" + member.replace('\'', '"') + "}"))
                .isInstanceOf(ValueMismatch.class)
                .hasMessageStartingWith(member.substring(1, member.indexOf('\'', 1)) + " is ");
        assertThat(codec.decode("{\"n\":1e2,\"big\":9007199254740993,\"small\":-7,\"gear\":1}"))
                .isEqualTo(new Counted(100, 9007199254740993L, (byte) -7, Gear.FORWARD, Optional.empty()));
    }

    enum Side {
        @SerializedName(value = "l", alternate = "left")
        LEFT,
        RIGHT {
            @Override
            public String toString() {
                return "to the right";
            }
        }
    }

    record Sides(Map<Side, Double> force, EnumMap<Side, List<Side>> next) {}

    @Test
    void keysOfMapsThatAreConstantsHaveTheNamesOfConstants() throws IOException {
        Sides sides = new Sides(
                new TreeMap<>(Map.of(Side.LEFT, 1.5, Side.RIGHT, 2.0)),
                new EnumMap<>(Map.of(Side.RIGHT, List.of(Side.LEFT))));
        String json = "{\"force\":{\"l\":1.5,\"RIGHT\":2.0},\"next\":{\"RIGHT\":[\"l\"]}}";
        for (GsonCodec<Sides> codec : List.of(GsonCodec.strict(Sides.class), GsonCodec.lenient(Sides.class))) {
            assertThat(codec.encode(sides)).isEqualTo(json);
            assertThat(codec.decode(json)).isEqualTo(sides);
            assertThat(codec.decode(json.replace("\"l\":", "\"left\":"))).isEqualTo(sides);
        }
    }

    record Counter(OptionalInt n) {}

    @Test
    void anOptionalOfAPrimitiveIsRefusedWithTheOneToUse() {
        assertThatThrownBy(() -> GsonCodec.lenient(Counter.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no JSON form for java.util.OptionalInt: use Optional<Integer>");
    }

    @ByNumber
    enum Level {
        LOW,
        MIDDLE,
        HIGH
    }

    record Move(double linear) {}

    /** By the first column of the table of forms in docs/protocol.md. */
    private static final Map<String, TopicCodec<?>> DOCUMENTED = Map.ofEntries(
            Map.entry("`byte` `short` `int` `long`", GsonCodec.strict(Integer.class)),
            Map.entry("`float` `double`", GsonCodec.strict(Double.class)),
            Map.entry("`boolean`", GsonCodec.strict(Boolean.class)),
            Map.entry("`String`", GsonCodec.strict(String.class)),
            Map.entry("an enum", GsonCodec.strict(Mode.class)),
            Map.entry("an enum that is `@ByNumber`", GsonCodec.strict(Level.class)),
            Map.entry("`byte[]`", GsonCodec.strict(byte[].class)),
            Map.entry("`UUID`", GsonCodec.strict(UUID.class)),
            Map.entry("`Instant`", GsonCodec.strict(Instant.class)),
            Map.entry("`OffsetDateTime`", GsonCodec.strict(OffsetDateTime.class)),
            Map.entry("`LocalDateTime`", GsonCodec.strict(LocalDateTime.class)),
            Map.entry("`LocalDate`", GsonCodec.strict(LocalDate.class)),
            Map.entry("`LocalTime`", GsonCodec.strict(LocalTime.class)),
            Map.entry("`Duration`", GsonCodec.strict(Duration.class)),
            Map.entry("an array or `Collection`", GsonCodec.strict(int[].class)),
            Map.entry("a `Map`", new JsonCodec<Map<Mode, Double>>() {}),
            Map.entry("a record or class", GsonCodec.strict(Move.class)),
            Map.entry("`Optional`", new JsonCodec<Optional<Double>>() {}));

    @Test
    void theFormsThatTheDocumentListsAreReadAndWrittenSo() throws Exception {
        Path here = Path.of("docs", "protocol.md");
        String text = Files.readString(Files.exists(here) ? here : Path.of("..").resolve(here));
        String table = text.substring(text.indexOf("| class of robot code |")).split("\n\n", 2)[0];
        Set<String> listed = new HashSet<>();
        for (String row : table.lines().skip(2).toList()) {
            String[] cells = row.split("\\|", -1);
            String example = cells[3].strip().replace("`", "");
            listed.add(cells[1].strip());
            TopicCodec<?> codec = DOCUMENTED.get(cells[1].strip());
            assertThat(codec).as(row).isNotNull();
            assertThat(writtenAgain(codec, example)).as(row).isEqualTo(example);
        }
        assertThat(listed).isEqualTo(DOCUMENTED.keySet());
    }

    private static <T> String writtenAgain(TopicCodec<T> codec, String json) throws Exception {
        return codec.encode(codec.decode(json));
    }

    static class Base {
        Optional<String> note = Optional.empty();
    }

    static final class Derived extends Base {
        int n;
    }

    @Test
    void anOptionalOfASuperclassMayBeMissingToo() throws IOException {
        assertThat(GsonCodec.lenient(Derived.class).decode("{\"n\":1}").note).isEmpty();
    }

    @ByNumber
    enum Gear {
        NEUTRAL,
        FORWARD {},
        @SerializedName("-1")
        REVERSE
    }

    record Drive(Gear gear, List<Gear> allowed, Map<Gear, Double> speeds) {}

    @Test
    void enumsAreNumbersWhereTheySaySo() throws IOException {
        Drive drive = new Drive(Gear.REVERSE, List.of(Gear.NEUTRAL, Gear.FORWARD), Map.of(Gear.FORWARD, 1.5));
        String json = "{\"gear\":-1,\"allowed\":[0,1],\"speeds\":{\"FORWARD\":1.5}}";

        for (GsonCodec<Drive> codec : List.of(GsonCodec.strict(Drive.class), GsonCodec.lenient(Drive.class))) {
            assertThat(codec.encode(drive)).isEqualTo(json);
            assertThat(codec.decode(json)).isEqualTo(drive);
        }
        assertThatThrownBy(() -> GsonCodec.strict(Gear.class).decode("7"))
                .hasMessage(
                        "the value is no constant that is known; it has to be one of 0 (NEUTRAL), 1 (FORWARD), -1 (REVERSE)");
        assertThatThrownBy(() -> GsonCodec.strict(Gear.class).decode("\"FORWARD\""))
                .hasMessageStartingWith("the value is a string; it has to be one of 0 (NEUTRAL)");
    }

    @ByNumber
    enum Twice {
        @SerializedName("1")
        FIRST,
        SECOND
    }

    @ByNumber
    enum NotANumber {
        @SerializedName("fast")
        FAST
    }

    @Test
    void enumsWhoseNumbersAreNoneAreRefusedWhenDeclared() {
        assertThatThrownBy(() -> GsonCodec.lenient(Twice.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining("1 stands for both FIRST and SECOND");
        assertThatThrownBy(() -> GsonCodec.lenient(NotANumber.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining("the @SerializedName of FAST");
    }

    record Wheel(double speed, Mode mode, boolean on) {}

    enum Mode {
        MANUAL
    }

    record Car(List<Wheel> wheels, Map<String, Wheel> spare, int n, Optional<Wheel> fifth) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'fast'                             | the value is a string; it has to be an object",
                "{'wheels':{}}                      | wheels is an object; it has to be an array",
                "{'wheels':[{'speed':'1'},{'speed':'fast'}]} | wheels[1].speed is a string; it has to be a number",
                "{'more':1,'wheels':[{'more':1,'mode':'X'},{'speed':true}]} | wheels[1].speed is a boolean; it has to be a number",
                "{'wheels':[{'on':1}]}              | wheels[0].on is a number; it has to be true or false",
                "{'spare':{'left':{'speed':{}}}}    | spare.left.speed is an object; it has to be a number",
                "{'wheels':[{'mode':[]}]}           | wheels[0].mode is an array; it has to be one of MANUAL",
                "{'fifth':{'speed':'fast'}}         | fifth.speed is a string; it has to be a number"
            })
    void whatLenientReadingRefusesIsNamedByItsMemberToo(String json, String message) {
        assertThatThrownBy(() -> GsonCodec.lenient(Car.class).decode(json.replace('\'', '"')))
                .isInstanceOf(ValueMismatch.class)
                .hasMessage(message);
    }

    @Test
    void whatLenientReadingBendsIsStillTaken() throws IOException {
        String json =
                "{\"more\":1,\"wheels\":[{\"speed\":\"1.5\",\"mode\":\"FAST\",\"on\":\"true\"},null],\"n\":\"7\"}";
        Car car = GsonCodec.lenient(Car.class).decode(json);
        assertThat(car.wheels().get(0)).isEqualTo(new Wheel(1.5, null, true));
        assertThat(car.n()).isEqualTo(7);
    }
}
