package io.github.robotstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientReadmeTest {
    @TempDir
    Path folder;

    @Test
    void theExamplesOfTheReadmeCompile() throws Exception {
        List<String> examples = Pattern.compile("(?ms)^```java\\R(.*?)^```$")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(examples).hasSize(2);
        for (String example : examples) {
            compile(example);
        }
    }

    private void compile(String example) throws Exception {
        Path source = Files.writeString(
                folder.resolve("Example.java"),
                "import io.github.robotstream.Topic;\nimport io.github.robotstream.client.*;\nimport java.net.URI;\n"
                        + "import java.time.Duration;\nimport java.util.concurrent.CompletableFuture;\nclass Example {\nvoid run() throws Exception {\n"
                        + example
                        + "}\n}\n");
        StringWriter complaints = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        List<String> options = List.of("-proc:none", "-d", folder.toString());
        assertThat(compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(source))
                        .call())
                .as("%s", complaints)
                .isTrue();
    }
}
