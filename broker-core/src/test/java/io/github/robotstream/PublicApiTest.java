package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the library promises to programs that embed it, a line each, is changed by nobody without being noticed. */
class PublicApiTest {
    private static final String FILE = "broker-core/src/test/resources/public-api.txt";
    private static final Pattern OPEN_MEMBER = Pattern.compile("^(?:    )?(?:public|protected) ");
    private static final Pattern INTERFACE_METHOD = Pattern.compile("^    (?!private )[\\w<@][^=*]*\\(");
    private static final Pattern CLASS_NAME = Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.)+[A-Z]\\w*");

    private static Set<String> exportedPackages() throws IOException {
        try (InputStream in = Files.newInputStream(Sources.classFolder().resolve("module-info.class"))) {
            return ModuleDescriptor.read(in).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> api() throws Exception {
        Set<String> lines = new TreeSet<>();
        Set<String> exported = exportedPackages();
        for (Path file : Sources.classes()) {
            String name = Sources.classFolder()
                    .relativize(file)
                    .toString()
                    .replace('/', '.')
                    .replace('\\', '.');
            String className = name.substring(0, name.length() - ".class".length());
            if (className.contains(".") && exported.contains(className.substring(0, className.lastIndexOf('.')))) {
                Class<?> type = Class.forName(className, false, PublicApiTest.class.getClassLoader());
                if (isOpen(type)) {
                    addAll(type, lines);
                }
            }
        }
        return List.copyOf(lines);
    }

    /** Whether programs can see a class: it, and all that it stands in, is public or protected. */
    private static boolean isOpen(Class<?> type) {
        Class<?> around = type.getDeclaringClass();
        return isOpen(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (around == null || isOpen(around));
    }

    private static boolean isOpen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void addAll(Class<?> type, Set<String> lines) {
        String above = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.equals("java.lang.Object"))
                .collect(Collectors.joining(", "));
        lines.add(type.getName() + " : " + type.toGenericString() + (above.isEmpty() ? "" : " is a " + above));
        Stream<Member> members = Stream.of(
                        type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::stream);
        members.filter(member -> isOpen(member.getModifiers()) && !member.isSynthetic())
                .forEach(member -> lines.add(type.getName() + " : " + text(member)));
    }

    /** Without what every line would repeat. */
    private static String shortened(String line) {
        String owner = line.substring(0, line.indexOf(' '));
        return line.replace(" " + owner + ".", " ")
                .replace("io.github.robotstream.", "")
                .replace("java.lang.", "");
    }

    private static String text(Member member) {
        if (member instanceof Field field) {
            return field.toGenericString();
        }
        Executable executable = (Executable) member;
        String text = executable instanceof Method method
                ? method.toGenericString()
                : ((Constructor<?>) executable).toGenericString();
        return text.replace("synchronized ", "");
    }

    @Test
    void theApiIsAsItStandsInItsFile() throws Exception {
        Path file = Sources.project().resolve(FILE);
        List<String> now = api().stream().map(PublicApiTest::shortened).sorted().toList();
        if (Boolean.getBoolean("robotstream.api.update")) {
            Files.createDirectories(file.getParent());
            Files.write(file, now);
        }
        assertThat(now)
                .as(
                        "the public API has changed. If that is meant, write %s anew with -Drobotstream.api.update=true and"
                                + " tell it in CHANGELOG.md",
                        FILE)
                .containsExactlyElementsOf(Files.readAllLines(file));
    }

    @Test
    void noLineNamesATypeThatIsNeitherTheJdksNorExported() throws Exception {
        Set<String> exported = exportedPackages();
        assertThat(api()).hasSizeGreaterThan(100).allSatisfy(line -> {
            Matcher name = CLASS_NAME.matcher(line);
            while (name.find()) {
                String packageName = name.group().substring(0, name.group().lastIndexOf('.'));
                assertThat(packageName.startsWith("java.")
                                || packageName.equals("javax.net.ssl")
                                || exported.contains(packageName))
                        .as("%s in: %s", name.group(), line)
                        .isTrue();
            }
        });
    }

    @Test
    void everyPublicMemberHasAComment() {
        List<String> without = new ArrayList<>();
        for (Path file : Sources.java("broker-core/src/main")) {
            if (!file.toString().contains("internal")) {
                List<String> lines = Sources.text(file).lines().toList();
                boolean isInterface = lines.stream().anyMatch(line -> line.startsWith("public interface "));
                for (int i = 1; i < lines.size(); i++) {
                    boolean isOpen = OPEN_MEMBER.matcher(lines.get(i)).find()
                            || (isInterface
                                    && INTERFACE_METHOD.matcher(lines.get(i)).find());
                    if (isOpen && !hasComment(lines, i)) {
                        without.add(file.getFileName() + ": " + lines.get(i).strip());
                    }
                }
            }
        }
        assertThat(without).isEmpty();
    }

    private static boolean hasComment(List<String> lines, int member) {
        int above = member - 1;
        while (lines.get(above).strip().startsWith("@")) {
            if (lines.get(above).strip().equals("@Override")) {
                return true;
            }
            above--;
        }
        return lines.get(above).endsWith("*/");
    }
}
