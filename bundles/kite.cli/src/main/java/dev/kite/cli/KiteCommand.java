package dev.kite.cli;

import dev.kite.cli.bench.BenchCommand;
import dev.kite.cli.certificate.CertificateCommand;
import dev.kite.cli.completion.CompletionCommand;
import dev.kite.cli.feature.FeatureCommand;
import dev.kite.cli.host.CheckConfigCommand;
import dev.kite.cli.secrets.SecretsEncryptCommand;
import dev.kite.cli.token.TokenCommand;
import dev.kite.cli.trial.TryCommand;
import picocli.CommandLine.Command;

/** {@code kite} itself: its commands. Version and help are {@link Program}'s. */
@Command(
        name = "kite",
        subcommands = {
            TokenCommand.class,
            SecretsEncryptCommand.class,
            CertificateCommand.class,
            CheckConfigCommand.class,
            CompletionCommand.class,
            FeatureCommand.class,
            TryCommand.class,
            BenchCommand.class
        })
final class KiteCommand {
    KiteCommand() {}
}
