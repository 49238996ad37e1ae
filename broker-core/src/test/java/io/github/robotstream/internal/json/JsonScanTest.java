package io.github.robotstream.internal.json;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonScanTest {
    private static final String PUBLISH = """
        { "action" : "publish" , "topic":"pose","data":{"name":"n","type":"t","data":[1,{"x":{}}]}, "echo":false }\
        """;

    @Test
    void tellsWhereTheMembersOfTheOutermostObjectStand() throws JsonException {
        JsonScan scan = Texts.scan(PUBLISH);
        assertThat(members(PUBLISH, scan, ROOT))
                .containsExactly(
                        "action STRING \"publish\"",
                        "topic STRING \"pose\"",
                        "data OBJECT {\"name\":\"n\",\"type\":\"t\",\"data\":[1,{\"x\":{}}]}",
                        "echo BOOLEAN false");
    }

    @Test
    void tellsWhereTheMembersOfAnInnerObjectStand() throws JsonException {
        JsonScan scan = Texts.scan(PUBLISH);
        assertThat(members(PUBLISH, scan, scan.member(ROOT, "data")))
                .containsExactly("name STRING \"n\"", "type STRING \"t\"", "data ARRAY [1,{\"x\":{}}]");
    }

    @Test
    void whatIsNoObjectHasNoMembers() throws JsonException {
        String text = "{\"a\":[{\"b\":1}],\"c\":{},\"d\":{\"e\":null}}";
        JsonScan scan = Texts.scan(text);
        assertThat(members(text, scan, ROOT)).hasSize(3);
        assertThat(scan.firstMember(scan.member(ROOT, "a"))).isEqualTo(ABSENT);
        assertThat(scan.firstMember(scan.member(ROOT, "c"))).isEqualTo(ABSENT);
        assertThat(members(text, scan, scan.member(ROOT, "d"))).containsExactly("e NULL null");
        assertThat(Texts.scan("[{\"a\":1}]").firstMember(ROOT)).isEqualTo(ABSENT);
        assertThat(Texts.scan("{}").firstMember(ROOT)).isEqualTo(ABSENT);
        assertThat(Texts.scan("7").firstMember(ROOT)).isEqualTo(ABSENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"topic":1}                          | 0
        {"top":0,"topics":0,"topic":1}       | 2
        {"\\u0074\\u006fpic":1}              | 0
        {"Topic":1}                          | -2
        {"a":{"topic":1}}                    | -2
        {"a":{"topic":1},"topic":1}          | 2
        []                                   | -2
        """)
    void findsAMemberHoweverItsKeyIsSpelled(String text, int member) throws JsonException {
        assertThat(Texts.scan(text).member(ROOT, "topic")).isEqualTo(member);
    }

    @Test
    void findsMembersInMoreThanAFew() throws JsonException {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 1_000; i++) {
            text.append("\"k%d\":{\"v\":%d},".formatted(i, i));
        }
        JsonScan scan = Texts.scan(text + "\"last\":-7}");
        assertThat(scan.integer(scan.member(ROOT, "last"))).hasValue(-7);
        assertThat(scan.integer(scan.member(scan.member(ROOT, "k731"), "v"))).hasValue(731);
    }

    @Test
    void unescapesTexts() throws JsonException {
        JsonScan scan = Texts.scan("{\"\\u0061\\n"
                + "\":\"\\\"\\\\\\/\\b\\f\\n"
                + "\\r"
                + "\\t\\u00e9é\\ud83e\\udd16🤖\\u0000\",\"plain\":\"é\",\"e\":\"\"}");
        int first = scan.firstMember(ROOT);
        assertThat(scan.key(first)).isEqualTo("a\n");
        assertThat(scan.text(first)).isEqualTo("\"\\/\b\f\n\r\téé🤖🤖\0");
        assertThat(scan.text(scan.member(ROOT, "plain"))).isEqualTo("é");
        assertThat(scan.text(scan.member(ROOT, "e"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "12, 12",
        "-12, -12",
        "9007199254740991, 9007199254740991",
        "-9007199254740991, -9007199254740991",
        "9007199254740992,",
        "-9007199254740992,",
        "9999999999999999,",
        "10000000000000000,",
        "123456789012345678901234567890,",
        "1.0,",
        "1e2,",
        "0.5,",
        "true,",
        "null,",
        "[],",
        "\"1\",",
    })
    void readsIntegersThatADoubleHoldsExactly(String number, Long expected) throws JsonException {
        JsonScan scan = Texts.scan("{\"n\":" + number + "}");
        if (expected == null) {
            assertThat(scan.integer(scan.member(ROOT, "n"))).isEmpty();
        } else {
            assertThat(scan.integer(scan.member(ROOT, "n"))).hasValue(expected);
        }
    }

    @Test
    void tellsKindAndPlaceOfTheOutermostValue() throws JsonException {
        assertThat(Texts.scan(" {}").kind(ROOT)).isEqualTo(JsonKind.OBJECT);
        assertThat(Texts.scan("[]").kind(ROOT)).isEqualTo(JsonKind.ARRAY);
        assertThat(Texts.scan("\"\"").kind(ROOT)).isEqualTo(JsonKind.STRING);
        assertThat(Texts.scan("-1").kind(ROOT)).isEqualTo(JsonKind.NUMBER);
        assertThat(Texts.scan("false").kind(ROOT)).isEqualTo(JsonKind.BOOLEAN);
        assertThat(Texts.scan("null").kind(ROOT)).isEqualTo(JsonKind.NULL);
        JsonScan scan = Texts.scan("  [1] ");
        assertThat(scan.valueStart(ROOT)).isEqualTo(2);
        assertThat(scan.valueEnd(ROOT)).isEqualTo(5);
    }

    @Test
    void nothingOfATextIsLeftForTheNext() throws JsonException {
        JsonScan scan = new JsonScan();
        read(scan, "{\"a\":{\"b\":{\"c\":1}}}");
        assertThat(catchThrowable(() -> read(scan, "{\"a\":1,\"b\":{\"x\":[1,{\"y\":2,")))
                .isInstanceOf(JsonException.class);
        assertThat(scan.firstMember(ROOT)).isEqualTo(ABSENT);
        read(scan, "[[1],{\"a\":1}]");
        assertThat(scan.firstMember(ROOT)).isEqualTo(ABSENT);
        read(scan, "{\"y\":2}");
        assertThat(members("{\"y\":2}", scan, ROOT)).containsExactly("y NUMBER 2");
    }

    @Test
    void aUsualTextAllocatesNothing() throws JsonException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        JsonScan scan = new JsonScan();
        byte[] good = Texts.utf8(PUBLISH);
        long start = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            scan.read(good, 0, good.length);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - start).isLessThan(10_000);
    }

    @Test
    void aRefusedTextLeavesNoKeysBehind() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        JsonScan scan = new JsonScan();
        byte[] refused = Texts.utf8("[[{" + "\"key\":0,".repeat(500));
        long start = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            try {
                scan.read(refused, 0, refused.length);
            } catch (JsonException expected) {
                continue;
            }
            throw new AssertionError("taken as JSON");
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - start).isLessThan(10_000 * 1_000);
    }

    private static void read(JsonScan scan, String text) throws JsonException {
        byte[] bytes = Texts.utf8(text);
        scan.read(bytes, 0, bytes.length);
    }

    private static List<String> members(String text, JsonScan scan, int parent) {
        byte[] bytes = Texts.utf8(text);
        List<String> members = new ArrayList<>();
        for (int m = scan.firstMember(parent); m != ABSENT; m = scan.nextMember(m)) {
            int length = scan.valueEnd(m) - scan.valueStart(m);
            members.add(scan.key(m) + " " + scan.kind(m) + " " + new String(bytes, scan.valueStart(m), length, UTF_8));
        }
        return members;
    }
}
