package dev.kite.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class CompletionCommandTest {
    @TempDir
    Path folder;

    private static CommandLine root() {
        return new CommandLine(CommandSpec.create().name("kite")).addSubcommand(new CompletionCommand());
    }

    @Test
    @Behaviour("completion bash and zsh; -i installs")
    void bashCompletesCommandsAndServerFlags() throws Exception {
        Path script = Files.writeString(folder.resolve("kite.bash"), CompletionCommand.script(root(), "kite", false));
        String ask = """
                . %s
                COMP_WORDS=(kite serv); COMP_CWORD=1; _complete_kite; echo "1 ${COMPREPLY[*]}"
                COMP_WORDS=(kite server --https); COMP_CWORD=2; _complete_kite; echo "2 ${COMPREPLY[*]}"
                """.formatted(script);
        Process bash =
                new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).contains("1 server").contains("2 --https-listen-port");
        assertThat(CompletionCommand.script(root(), "kite", true)).startsWith("autoload -Uz bashcompinit");
    }

    @Test
    void installingTwiceAddsOnce() throws Exception {
        Path file = Files.writeString(folder.resolve(".bashrc"), "alias k=kubectl\n");
        assertThat(CompletionCommand.install(file, "k3s", "bash")).isTrue();
        assertThat(CompletionCommand.install(file, "k3s", "bash")).isFalse();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.getFirst()).isEqualTo("alias k=kubectl");
        assertThat(lines).containsOnlyOnce(". <(k3s completion bash)");
    }
}
