package dev.kite.api.arguments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/arguments.md is the tables, and what a table calls honoured has the test that it names. */
class ArgumentsDocumentTest {
    private static final Path DOCUMENT = Path.of("../../docs/arguments.md");

    @Test
    @Behaviour(
            "docs/arguments.md lists every argument of upstream 1.36's API server, controller manager, scheduler, kubelet and proxy as honoured (with its test), meaningless here (why) or missing")
    void theDocumentIsTheTables() throws IOException {
        String made = ArgumentsDocument.markdown();
        Path copy = Files.writeString(Path.of("target/arguments.md"), made);
        assertThat(Files.readString(DOCUMENT))
                .as("copy " + copy + " to " + DOCUMENT)
                .isEqualTo(made);
    }

    @Test
    void everyHonouredArgumentHasItsTest() throws IOException {
        Map<String, Path> sources = tests();
        List<String> without = new ArrayList<>();
        for (UpstreamComponent component : UpstreamComponent.values()) {
            for (Argument argument : ArgumentTable.of(component).all()) {
                if (argument.state() == Argument.State.HONOURED) {
                    String[] test = argument.note().split("\\.", 2);
                    Path source = sources.get(test[0]);
                    if (source == null
                            || test.length < 2
                            || !Files.readString(source).contains("void " + test[1] + "(")) {
                        without.add(component.program() + " " + argument.name() + ": no test " + argument.note());
                    }
                }
            }
        }
        assertThat(without).isEmpty();
    }

    @Test
    void whatIsMeaninglessSaysWhyAndTablesAreSorted() {
        for (UpstreamComponent component : UpstreamComponent.values()) {
            List<Argument> all = List.copyOf(ArgumentTable.of(component).all());
            assertThat(all).extracting(Argument::name).isSorted();
            assertThat(all)
                    .filteredOn(argument -> argument.state() == Argument.State.MEANINGLESS)
                    .allSatisfy(argument -> assertThat(argument.note()).isNotBlank());
        }
    }

    private static Map<String, Path> tests() throws IOException {
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> bundles = Files.list(Path.of(".."))) {
            for (Path bundle : bundles.map(each -> each.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(bundle)) {
                    files.filter(file -> file.toString().endsWith("Test.java"))
                            .forEach(file ->
                                    found.put(file.getFileName().toString().replace(".java", ""), file));
                }
            }
        }
        return found;
    }
}
