package dev.kite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String called, String... arguments) {
        return Commands.run(
                List.of(arguments),
                Map.of("KITE_EXECUTABLE", "/usr/local/bin/" + called),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    @Behaviour("The same file is k3s when called by that name")
    void theVersionNamesTheProgramAsItWasCalled() {
        assertThat(run("k3s", "--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("k3s version v1.36.2+k3s.kite (");
        out.reset();
        assertThat(run("kite", "-v")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("kite version v1.36.2+k3s.kite (");
    }

    @Test
    void helpListsAllCommands() {
        assertThat(run("kite")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("USAGE:", "server", "agent", "kubectl", "token", "check-config", "GLOBAL OPTIONS:");
    }

    @Test
    @Behaviour("kite server --help groups its flags")
    void helpOfTheServerIsInGroups() {
        assertThat(run("kite", "help", "server")).isZero();
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("\nListener:\n", "\nAgent/Node:\n", "--https-listen-port value");
        assertThat(text.indexOf("\nConfig:")).isLessThan(text.indexOf("\nExperimental:"));
        assertThat(text).doesNotContain("--disable-etcd ");
    }

    @Test
    @Behaviour("Unknown commands exit 2 with a suggestion")
    void anUnknownCommandExitsWithTwoAndASuggestion() {
        assertThat(run("kite", "sevrer")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("kite: unknown command \"sevrer\"; did you mean server?; see --help\n");
    }

    @Test
    void anUnknownFlagOfACommandExitsWithTwo() {
        assertThat(run("kite", "token", "list", "--nope")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--nope", "see kite token list --help");
    }

    @Test
    void whatACommandPrintsIsWrittenOut() {
        assertThat(run("kite", "completion", "bash")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("complete -F _complete_kite");
        assertThat(run("kite", "token", "generate")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("\\n[a-z0-9]{6}\\.[a-z0-9]{16}\\n");
    }

    @Test
    void globalOptionsStandBeforeTheCommandToo() {
        assertThat(Globals.parse(List.of("--debug", "-d", "/x", "server", "--debug=false")))
                .isEqualTo(new Globals(true, "/x", List.of("server", "--debug=false")));
        assertThat(Globals.parse(List.of("--data-dir=/x", "server", "--node-name=n"))
                        .forCommand())
                .containsExactly("--data-dir=/x", "--node-name=n");
        assertThat(Globals.parse(List.of("--debug")).forCommand()).containsExactly("--debug");
        assertThat(run("kite", "--data-dir=/nowhere", "certificate", "check")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("/nowhere/server/tls");
    }
}
