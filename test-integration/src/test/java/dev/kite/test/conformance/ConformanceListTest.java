package dev.kite.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Kubernetes' conformance behaviours by name, one a test: held where a test of ours, which the same tier runs, names it with {@code @Behaviour("conformance: NAME")}; skipped, and so not held,
 * where none does. With {@code -Dkite.shard=I/N} every N-th from the I-th.
 */
@Tag("conformance")
class ConformanceListTest {
    private static final String PREFIX = "conformance: ";
    private static final String NAME = "- testname: ";

    @TestFactory
    Stream<DynamicTest> everyBehaviourHasATest() throws IOException {
        Path list = reference().resolve("conformance.yaml");
        Assumptions.assumeTrue(Files.exists(list), "skipped: the list of conformance behaviours is not here");
        List<String> names = Files.readAllLines(list).stream()
                .filter(line -> line.startsWith(NAME))
                .map(line -> unquoted(line.substring(NAME.length())))
                .toList();
        assertThat(names).hasSizeGreaterThan(400);
        Set<String> held = held();
        assertThat(names).as("names that our tests give").containsAll(held);
        return shard(names).stream()
                .map(name -> dynamicTest(name, () -> {
                    if (!held.contains(name)) {
                        abort("no test of ours holds it yet");
                    }
                }));
    }

    private static Path reference() {
        String folder = System.getenv("KITE_REFERENCE");
        return folder != null
                ? Path.of(folder)
                : Path.of(System.getProperty("kite.root", ".."), "../shared/reference/kubernetes-1.36");
    }

    private static String unquoted(String name) {
        return name.length() > 1 && name.startsWith("'")
                ? name.substring(1, name.length() - 1).replace("''", "'")
                : name;
    }

    private static List<String> shard(List<String> names) {
        String[] parts = System.getProperty("kite.shard", "1/1").split("/");
        int which = Integer.parseInt(parts[0]);
        int of = Integer.parseInt(parts[1]);
        List<String> mine = new ArrayList<>();
        for (int i = which - 1; i < names.size(); i += of) {
            mine.add(names.get(i));
        }
        return mine;
    }

    /** The names on the test methods of this module, read from its compiled classes. */
    private static Set<String> held() throws IOException {
        Path classes = Path.of("target/test-classes");
        Set<String> names = new HashSet<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.class")).toList()) {
                String type =
                        classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                for (Method method : load(type).getDeclaredMethods()) {
                    for (Behaviour behaviour : method.getAnnotationsByType(Behaviour.class)) {
                        if (behaviour.value().startsWith(PREFIX)) {
                            names.add(behaviour.value().substring(PREFIX.length()));
                        }
                    }
                }
            }
        }
        return names;
    }

    private static Class<?> load(String type) {
        try {
            return Class.forName(type, false, ConformanceListTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
