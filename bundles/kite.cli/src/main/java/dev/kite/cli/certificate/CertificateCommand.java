package dev.kite.cli.certificate;

import dev.kite.cli.settings.DataDirectory;
import dev.kite.cli.settings.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kite certificate}. */
@Command(name = "certificate", description = "Check this node's certificates.")
public final class CertificateCommand implements Runnable {
    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** For picocli. */
    public CertificateCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "certificate wants: check");
    }

    @Command(
            description = "Show each certificate of this node: whose, for what, and until when",
            mixinStandardHelpOptions = true)
    int check(
            @Option(
                            names = {"-d", "--data-dir"},
                            paramLabel = "FOLDER",
                            description = "Folder of state [K3S_DATA_DIR]")
                    @Nullable
                    String dataDir,
            @Option(
                            names = {"-s", "--service"},
                            split = ",",
                            description = "Only certificates of these services")
                    @Nullable
                    List<String> services,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            description = "text, table, json or yaml")
                    CertificateForm form)
            throws IOException, UsageException {
        Path data = DataDirectory.of(dataDir, System.getenv());
        List<CertificateEntry> entries;
        try {
            entries = CertificateFolder.read(data, services == null ? List.of() : services);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (entries.isEmpty()) {
            throw new IOException("there are no certificates in " + data
                    + "/server/tls or agent; name the server's folder by --data-dir");
        }
        spec.commandLine().getOut().print(form.render(entries, Instant.now()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
