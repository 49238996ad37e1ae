package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.Sources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** What HotSpot compiles apart. A machine of two cores feels what the compiler does: it takes one of them. */
class InliningTest {
    /** FreqInlineSize: a hot method of more bytecodes is put into no caller. */
    private static final int MOST_INLINED = 325;

    private static final Pattern INSTRUCTION = Pattern.compile("^ +(\\d+): ");

    @Test
    void theWriteOfAFlushIsCompiledOnceAndNotWithEachOfItsCallers() {
        assertThat(bytecodes("OutboundFrames", "boolean writeThrough(")).isGreaterThan(MOST_INLINED);
    }

    @Test
    void whatIsDoneWithAMessageIsCompiledOnceAndNotWithEachCallerOfItsConnection() {
        assertThat(bytecodes("InboundBytes", "boolean deliver(")).isGreaterThan(MOST_INLINED);
    }

    /** How many a method has, about: where its last instruction begins. */
    private static int bytecodes(String className, String method) {
        String file = Sources.classes().stream()
                .map(Object::toString)
                .filter(path -> path.endsWith(className + ".class"))
                .findFirst()
                .orElseThrow();
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);
        int code = ToolProvider.findFirst("javap").orElseThrow().run(printer, printer, "-c", "-p", file);
        assertThat(code).as("%s", out).isZero();
        List<String> lines = out.toString().lines().toList();
        int at = 0;
        while (!lines.get(at).contains(method)) {
            at++;
        }
        int last = 0;
        for (String line : lines.subList(at, lines.size())) {
            if (line.isEmpty()) {
                break;
            }
            Matcher instruction = INSTRUCTION.matcher(line);
            last = instruction.find() ? Integer.parseInt(instruction.group(1)) : last;
        }
        return last;
    }
}
