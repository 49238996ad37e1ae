package io.github.robotstream.examples;

import static io.github.robotstream.examples.testing.CompiledSnippet.IMPORTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.CompiledSnippet;
import io.github.robotstream.examples.testing.Readme;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README shows in Java can be pasted into a program. */
class ReadmeJavaTest {
    @TempDir
    Path folder;

    static List<String> blocks() throws IOException {
        return Readme.blocks("java");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void compiles(String block) {
        assertThat(complaints(block.contains("class ") ? block : inMethod(block)))
                .isEmpty();
    }

    @Test
    void theTestOfAControlLoopPasses() throws Exception {
        String block = blocks().stream()
                .filter(b -> b.contains("TestBroker.start"))
                .findFirst()
                .orElseThrow();
        assertThat(complaints(block)).isEmpty();
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> shown = classes.loadClass("DriveTest");
            Constructor<?> constructor = shown.getDeclaredConstructor();
            constructor.setAccessible(true);
            List<Method> tests = Arrays.stream(shown.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .toList();
            assertThat(tests).isNotEmpty();
            for (Method test : tests) {
                test.setAccessible(true);
                test.invoke(constructor.newInstance());
            }
        }
    }

    @Test
    void whatDoesNotCompileIsNoticed() {
        assertThat(complaints(inMethod("broker.publish(1);"))).isNotEmpty();
    }

    private static String inMethod(String statements) {
        return "class Example { RobotStreamBroker broker; byte[] secret;\n void run() throws Exception {\n" + statements
                + "\n} }";
    }

    private List<String> complaints(String source) {
        return CompiledSnippet.compile(IMPORTS + source, folder);
    }
}
