package io.github.robotstream.examples.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java that a document shows, compiled on the class path of the tests. */
public final class CompiledSnippet {
    /** What a reader's own file has above it. */
    public static final String IMPORTS = """
            import com.google.gson.*;
            import io.github.robotstream.*;
            import io.github.robotstream.client.*;
            import io.github.robotstream.jwt.*;
            import io.github.robotstream.spi.*;
            import io.github.robotstream.spi.TokenRejectedException.Reason;
            import io.github.robotstream.tck.*;
            import io.github.robotstream.test.*;
            import java.lang.reflect.Type;
            import java.net.URI;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import org.junit.jupiter.api.Test;
            import static org.junit.jupiter.api.Assertions.*;
            """;

    private CompiledSnippet() {}

    /** Compiles a source file into a folder; what the compiler says about it. */
    public static List<String> compile(String source, Path folder) {
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
