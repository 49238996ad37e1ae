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
            import com.google.gson.annotations.SerializedName;
            import io.github.robotstream.*;
            import io.github.robotstream.client.*;
            import io.github.robotstream.file.*;
            import io.github.robotstream.jwt.*;
            import io.github.robotstream.spi.*;
            import io.github.robotstream.spi.TokenRejectedException.Reason;
            import io.github.robotstream.tck.*;
            import io.github.robotstream.test.*;
            import java.lang.reflect.Type;
            import java.net.URI;
            import java.nio.ByteBuffer;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import org.junit.jupiter.api.Test;
            import static org.junit.jupiter.api.Assertions.*;
            """;

    /** What stands around statements: things of the reader's own by the names that documents give them. */
    private static final String AROUND = """
            abstract class Example {
                record Twist(double linear, double angular) {}
                record Pose(double x, double y, double theta) {}
                interface Camera { void start(); }
                interface Drive { void accept(Twist twist); double linear(); }
                interface Display { void show(String text); }
                interface Arm { boolean isHome(); void stepHome(double speed); double[] angles(); double seconds(); }

                static final Topic<Twist> CMD_VEL = Topic.command("cmd_vel", "Twist", Twist.class);
                static final Topic<Pose> POSE = Topic.state("pose", "Pose", Pose.class);
                static final Topic<Double> BATTERY = Topic.state("battery_voltage", "float", Double.class);
                static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");

                RobotStreamBroker broker;
                RobotStreamClient robot;
                TestBroker test;
                Topic<Twist> cmdVel = CMD_VEL;
                Topic<Pose> pose = POSE;
                Topic<Double> battery = BATTERY;
                byte[] secret;
                Camera camera;
                Display display;
                Drive drive;
                Arm arm;
                org.slf4j.Logger log;

                abstract void drive(Twist twist);

                abstract String token();

                void run() throws Exception {
            """;

    private CompiledSnippet() {}

    /**
     * Compiles what a document shows. A block that declares a class is a file without its imports; one without an end ({@code ;} or a brace)
     * is an expression, as of a builder that goes on; all others are statements, which may use what {@code AROUND} declares.
     */
    public static List<String> compileShown(String block, Path folder) {
        if (block.matches("(?s)(.*\\R)?(final )?class \\w.*")) {
            return compile(IMPORTS + block, folder);
        }
        boolean ends = block.stripTrailing().matches("(?s).*[;}]([ ]*//[^\\n]*)?");
        return compile(IMPORTS + AROUND + (ends ? block : "Object shown = " + block + ";") + "\n} }", folder);
    }

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
