package io.github.robotstream.internal.transport.frame;

import static io.github.robotstream.testing.ClientFrames.BINARY;
import static io.github.robotstream.testing.ClientFrames.CLOSE;
import static io.github.robotstream.testing.ClientFrames.CONTINUATION;
import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.PING;
import static io.github.robotstream.testing.ClientFrames.PONG;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static io.github.robotstream.testing.ClientFrames.close;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.frame;
import static io.github.robotstream.testing.ClientFrames.head;
import static io.github.robotstream.testing.ClientFrames.headWithLength;
import static io.github.robotstream.testing.ClientFrames.masked;
import static io.github.robotstream.testing.ClientFrames.ping;
import static io.github.robotstream.testing.ClientFrames.text;
import static io.github.robotstream.testing.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what is right and what is wrong on the wire; each case whole, byte by byte, and in pieces by chance. */
class FrameDecoderTest {
    static final int MAX_MESSAGE = 70_000;

    record Case(String name, byte[] wire, List<String> events) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case yields(String name, byte[] wire, String... events) {
        return new Case(name, wire, List.of(events));
    }

    static Stream<Case> rightFrames() {
        return Stream.of(
                yields("text", text("hello"), "text hello"),
                yields("empty text", text(""), "text "),
                yields("two messages", concat(text("a"), text("b")), "text a", "text b"),
                yields("every width of UTF-8", text("aé€😀\u0000\uFFFF"), "text aé€😀\u0000\uFFFF"),
                yields("125 bytes", text("x".repeat(125)), "text " + "x".repeat(125)),
                yields("126 bytes", text("x".repeat(126)), "text " + "x".repeat(126)),
                yields("65535 bytes", text("x".repeat(65_535)), "text of 65535 bytes"),
                yields("65536 bytes", text("x".repeat(65_536)), "text of 65536 bytes"),
                yields("the largest message", text("x".repeat(MAX_MESSAGE)), "text of 70000 bytes"),
                yields(
                        "the largest message, a fragment each 35000",
                        concat(frame(TEXT, new byte[35_000]), frame(FIN | CONTINUATION, new byte[35_000])),
                        "text of 70000 bytes"),
                yields(
                        "fragments",
                        concat(
                                frame(TEXT, utf8("a")),
                                frame(CONTINUATION, utf8("")),
                                frame(FIN | CONTINUATION, utf8("b"))),
                        "text ab"),
                yields(
                        "a character across fragments",
                        concat(frame(TEXT, bytes(0xE2, 0x82)), frame(FIN | CONTINUATION, bytes(0xAC))),
                        "text €"),
                yields("bytes that are no UTF-8", frame(FIN | BINARY, bytes(0xff, 0xc3, 0)), "binary [-1, -61, 0]"),
                yields(
                        "bytes in fragments, and text after them",
                        concat(frame(BINARY, bytes(0xc3)), frame(FIN | CONTINUATION, bytes(0x28)), text("a")),
                        "binary [-61, 40]",
                        "text a"),
                yields(
                        "control frames between fragments",
                        concat(
                                frame(TEXT, utf8("a")),
                                ping("p"),
                                frame(FIN | PONG, utf8("q")),
                                frame(FIN | CONTINUATION, utf8("b"))),
                        "ping p",
                        "pong q",
                        "text ab"),
                yields("as many fragments as allowed", fragments(FrameDecoder.MAX_FRAGMENTS), "text "),
                yields("more fragments that have bytes", fragments(1_090, 64), "text of 69760 bytes"),
                yields(
                        "fragments are counted by message",
                        concat(fragments(FrameDecoder.MAX_FRAGMENTS), fragments(FrameDecoder.MAX_FRAGMENTS)),
                        "text ",
                        "text "),
                yields("empty ping", ping(""), "ping "),
                yields("ping of 125 bytes", ping("x".repeat(125)), "ping " + "x".repeat(125)),
                yields("close without a code", frame(FIN | CLOSE, bytes()), "close 1005 "),
                yields("close with a reason", close(1001, "tschüß"), "close 1001 tschüß"),
                yields(
                        "close in the middle of a message",
                        concat(frame(TEXT, utf8("a")), close(1000, "")),
                        "close 1000 "),
                yields("nothing after a close", concat(close(4999, "x"), text("late"), bytes(0xff)), "close 4999 x"));
    }

    static Stream<Case> wrongFrames() {
        return Stream.of(
                yields("no mask", bytes(FIN | TEXT, 1, 'a'), "violation 1002"),
                yields("no mask on an empty control frame", bytes(FIN | PING, 0), "violation 1002"),
                yields("RSV1", frame(FIN | TEXT | 0x40, utf8("a")), "violation 1002"),
                yields("RSV2", frame(FIN | TEXT | 0x20, utf8("a")), "violation 1002"),
                yields("RSV3 on a control frame", frame(FIN | PING | 0x10, utf8("a")), "violation 1002"),
                yields("opcode 3", frame(FIN | 3, utf8("a")), "violation 1002"),
                yields("opcode 7", frame(FIN | 7, utf8("a")), "violation 1002"),
                yields("opcode 11", frame(FIN | 11, utf8("a")), "violation 1002"),
                yields("opcode 15", frame(FIN | 15, utf8("a")), "violation 1002"),
                yields("ping in fragments", frame(PING, utf8("a")), "violation 1002"),
                yields("close in fragments", frame(CLOSE, bytes()), "violation 1002"),
                yields("ping of 126 bytes", frame(FIN | PING, new byte[126]), "violation 1002"),
                yields("close of 126 bytes", frame(FIN | CLOSE, new byte[126]), "violation 1002"),
                yields("continuation of nothing", frame(FIN | CONTINUATION, utf8("a")), "violation 1002"),
                yields(
                        "continuation after the end",
                        concat(text("a"), frame(FIN | CONTINUATION, utf8("b"))),
                        "text a",
                        "violation 1002"),
                yields("text within a message", concat(frame(TEXT, utf8("a")), text("b")), "violation 1002"),
                yields("binary that is too long", head(FIN | BINARY, MAX_MESSAGE + 1), "violation 1009"),
                yields("text within bytes", concat(frame(BINARY, bytes(1)), text("b")), "violation 1002"),
                yields(
                        "binary within a message",
                        concat(frame(TEXT, utf8("a")), frame(FIN | BINARY, utf8("b"))),
                        "violation 1002"),
                yields("125 in 16 bits", headWithLength(FIN | TEXT, 126, 125, 2), "violation 1002"),
                yields("0 in 16 bits", headWithLength(FIN | TEXT, 126, 0, 2), "violation 1002"),
                yields("65535 in 64 bits", headWithLength(FIN | TEXT, 127, 65_535, 8), "violation 1002"),
                yields(
                        "highest bit of the length",
                        headWithLength(FIN | TEXT, 127, Long.MIN_VALUE + 5, 8),
                        "violation 1002"),
                yields("largest length there is", headWithLength(FIN | TEXT, 127, Long.MAX_VALUE, 8), "violation 1009"),
                yields("one byte too many, declared", head(FIN | TEXT, MAX_MESSAGE + 1), "violation 1009"),
                yields(
                        "one byte too many, in fragments",
                        concat(frame(TEXT, new byte[MAX_MESSAGE]), head(FIN | CONTINUATION, 1)),
                        "violation 1009"),
                yields("one fragment too many", fragments(FrameDecoder.MAX_FRAGMENTS + 1), "violation 1009"),
                yields("too many fragments of a byte", fragments(1_042, 1), "violation 1009"),
                yields("stray continuation byte", frame(TEXT, bytes('a', 0x80)), "violation 1007"),
                yields("overlong in two bytes", frame(TEXT, bytes(0xC0)), "violation 1007"),
                yields("overlong in three bytes", frame(TEXT, bytes(0xE0, 0x9F)), "violation 1007"),
                yields("overlong in four bytes", frame(TEXT, bytes(0xF0, 0x8F)), "violation 1007"),
                yields("surrogate", frame(TEXT, bytes(0xED, 0xA0)), "violation 1007"),
                yields("beyond U+10FFFF", frame(TEXT, bytes(0xF4, 0x90)), "violation 1007"),
                yields("lead byte 0xF5", frame(TEXT, bytes(0xF5)), "violation 1007"),
                yields("wrong third byte", frame(TEXT, bytes(0xE2, 0x82, 'a')), "violation 1007"),
                yields(
                        "wrong after eight good ones",
                        frame(TEXT, concat(utf8("12345678"), bytes(0xff))),
                        "violation 1007"),
                yields("text that ends within a character", frame(FIN | TEXT, bytes(0xE2, 0x82)), "violation 1007"),
                yields(
                        "fragments that end within a character",
                        concat(frame(TEXT, bytes(0xE2, 0x82)), frame(FIN | CONTINUATION, bytes())),
                        "violation 1007"),
                yields(
                        "wrong byte of a frame still coming",
                        concat(head(FIN | TEXT, 100), masked(bytes(0xC0))),
                        "violation 1007"),
                yields("close with half a code", frame(FIN | CLOSE, bytes(3)), "violation 1002"),
                yields(
                        "close with a reason not in UTF-8",
                        frame(FIN | CLOSE, bytes(3, 0xE8, 0xC3, '(')),
                        "violation 1007"),
                yields("close with a reason cut off", frame(FIN | CLOSE, bytes(3, 0xE8, 0xC3)), "violation 1007"),
                yields("nothing after a violation", concat(frame(FIN | 3, utf8("a")), text("late")), "violation 1002"));
    }

    static Stream<Case> closeCodes() {
        Stream<Case> right = Stream.of(
                        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999)
                .map(code -> yields("close " + code, close(code, ""), "close " + code + " "));
        Stream<Case> wrong = Stream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
                .map(code -> yields("close " + code, close(code, ""), "violation 1002"));
        return Stream.concat(right, wrong);
    }

    @ParameterizedTest
    @MethodSource({"rightFrames", "wrongFrames", "closeCodes"})
    void readsAWholeRead(Case c) {
        assertThat(decode(List.of(c.wire()))).isEqualTo(c.events());
    }

    @ParameterizedTest
    @MethodSource({"rightFrames", "wrongFrames", "closeCodes"})
    void readsByteByByte(Case c) {
        List<byte[]> pieces = new ArrayList<>();
        for (byte b : c.wire()) {
            pieces.add(new byte[] {b});
        }
        assertThat(decode(pieces)).isEqualTo(c.events());
    }

    @ParameterizedTest
    @MethodSource({"rightFrames", "wrongFrames", "closeCodes"})
    void readsPiecesOfAnySize(Case c) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<byte[]> pieces = new ArrayList<>();
            for (int at = 0; at < c.wire().length; ) {
                int end = Math.min(c.wire().length, at + 1 + random.nextInt(1 + random.nextInt(c.wire().length)));
                pieces.add(Arrays.copyOfRange(c.wire(), at, end));
                at = end;
            }
            assertThat(decode(pieces)).as("seed " + seed).isEqualTo(c.events());
        }
    }

    private static List<String> decode(List<byte[]> pieces) {
        RecordedFrames frames = new RecordedFrames();
        ByteBudget budget = new ByteBudget(Long.MAX_VALUE);
        FrameDecoder decoder = new FrameDecoder(MAX_MESSAGE, budget, frames);
        for (byte[] piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece);
            while (decoder.decode(in)) {
                // one event a turn
            }
            assertThat(in.hasRemaining()).isFalse();
        }
        decoder.end();
        assertThat(budget.heldBytes()).isZero();
        return frames.events;
    }

    private static byte[] fragments(int count) {
        return fragments(count, 0);
    }

    private static byte[] fragments(int count, int bytesEach) {
        byte[][] parts = new byte[count][];
        for (int i = 0; i < count; i++) {
            int fin = i == count - 1 ? FIN : 0;
            parts[i] = frame(fin | (i == 0 ? TEXT : CONTINUATION), new byte[bytesEach]);
        }
        return concat(parts);
    }
}
