package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Readme;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README shows in Java can be pasted into a program. */
class ReadmeJavaTest {
    private static final String IMPORTS = """
            import io.github.robotstream.*;
            import io.github.robotstream.client.*;
            import io.github.robotstream.jwt.*;
            import io.github.robotstream.spi.*;
            import io.github.robotstream.spi.TokenRejectedException.Reason;
            import io.github.robotstream.tck.*;
            import io.github.robotstream.test.*;
            import java.net.URI;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import org.junit.jupiter.api.Test;
            import static org.junit.jupiter.api.Assertions.*;
            """;

    @TempDir
    Path folder;

    static List<String> blocks() throws IOException {
        return Readme.blocks("java");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void compiles(String block) {
        assertThat(complaints(IMPORTS + (block.contains("class ") ? block : inMethod(block))))
                .isEmpty();
    }

    @Test
    void theTestOfAControlLoopPasses() throws Exception {
        String block = blocks().stream()
                .filter(b -> b.contains("TestBroker.start"))
                .findFirst()
                .orElseThrow();
        assertThat(complaints(IMPORTS + block)).isEmpty();
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
        assertThat(complaints(IMPORTS + inMethod("broker.publish(1);"))).isNotEmpty();
    }

    private static String inMethod(String statements) {
        return "class Example { RobotStreamBroker broker; byte[] secret;\n void run() throws Exception {\n" + statements
                + "\n} }";
    }

    private List<String> complaints(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
        List<String> options =
                List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        compiler.getTask(null, null, complaints, options, null, List.of(new Source(source)))
                .call();
        return complaints.getDiagnostics().stream().map(Object::toString).toList();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Example.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
