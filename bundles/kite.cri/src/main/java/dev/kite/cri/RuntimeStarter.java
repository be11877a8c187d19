package dev.kite.cri;

import dev.kite.api.config.AgentSettings;
import dev.kite.linux.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the programs, writes containerd's configuration, starts it and loads the images that come along. Used by one thread, closed by any. */
final class RuntimeStarter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeStarter.class);
    private static final Pattern VERSION = Pattern.compile("\\bv?(\\d{1,4})\\.(\\d{1,4})\\.");

    private final AgentSettings settings;
    private final ContainerdLayout layout;
    private final @Nullable String home;
    private @Nullable CriClient client;
    private @Nullable ContainerdProcess process;
    private @Nullable ImageFolder images;

    /** @param home the folder of the installation, whose images are loaded; null for none */
    RuntimeStarter(AgentSettings settings, @Nullable String home) {
        this.settings = settings;
        this.layout = ContainerdLayout.of(Path.of(settings.data_dir()));
        this.home = home;
    }

    /** Starts the runtime, or connects to the one that is set, and waits until it answers. */
    CriClient start() throws IOException, InterruptedException {
        String endpoint = settings.container_runtime_endpoint();
        if (endpoint.isEmpty()) {
            return startContainerd();
        }
        CriClient started = new CriClient(Path.of(endpoint.startsWith("unix://") ? endpoint.substring(7) : endpoint));
        keep(started, null);
        started.version();
        return started;
    }

    private CriClient startContainerd() throws IOException, InterruptedException {
        Programs programs = new Programs(layout.bundled(), String.valueOf(System.getenv("PATH")));
        Path containerd = need(programs, "containerd");
        Path runc = need(programs, "runc");
        need(programs, "containerd-shim-runc-v2");
        Path ctr = need(programs, "ctr");
        LOG.debug("containerd is {}, runc is {}", containerd, runc);
        Files.createDirectories(layout.root());
        Files.createDirectories(layout.state());
        Files.createDirectories(layout.cniConfig());
        Files.createDirectories(layout.images());
        writeConfiguration(programs, containerd);
        CriClient fresh = new CriClient(layout.socket());
        ContainerdProcess child = new ContainerdProcess(containerd, programs.path(), layout, fresh);
        keep(fresh, child);
        child.start();
        List<Path> archives = new ArrayList<>();
        if (home != null) {
            archives.add(Path.of(home, "images"));
        }
        archives.add(layout.images());
        ImageImporter importer = new ImageImporter(ctr, layout, settings.snapshotter());
        importer.importAll(archives);
        keep(new ImageFolder(layout.images(), importer));
        return fresh;
    }

    private void writeConfiguration(Programs programs, Path containerd) throws IOException, InterruptedException {
        int major = majorVersion(containerd);
        Registries registries = Registries.read(Path.of(settings.private_registry()));
        registries.write(layout.registries());
        Map<String, Path> runtimes = new HashMap<>();
        Map<String, String> known = Map.of("crun", "crun", "nvidia", "nvidia-container-runtime");
        known.forEach((name, file) -> programs.find(file).ifPresent(found -> runtimes.put(name, found)));
        ContainerdConfig config = new ContainerdConfig(
                layout,
                major,
                settings.snapshotter(),
                settings.pause_image(),
                settings.default_runtime(),
                runtimes,
                layout.cniPrograms(),
                false,
                !Processes.hasSysResource(),
                false,
                layout.defaultPlace() ? 10010 : 0,
                registries.auths());
        Path template = layout.configFolder().resolve(major >= 2 ? "config-v3.toml.tmpl" : "config.toml.tmpl");
        Files.createDirectories(layout.configFolder());
        try {
            Files.writeString(
                    layout.config(),
                    Files.exists(template) ? config.render(Files.readString(template)) : config.render());
        } catch (IllegalArgumentException e) {
            throw new IOException(template + ": " + e.getMessage(), e);
        }
    }

    private static Path need(Programs programs, String name) throws IOException {
        return programs.find(name)
                .orElseThrow(() -> new IOException(name
                        + " is not installed; install the packages containerd and runc, or use the full distribution"));
    }

    private static int majorVersion(Path containerd) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(containerd.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return majorVersion(words).orElseThrow(() -> new IOException("containerd --version says " + words.strip()));
    }

    static Optional<Integer> majorVersion(String words) {
        Matcher matcher = VERSION.matcher(words);
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    private synchronized void keep(ImageFolder fresh) {
        images = fresh;
    }

    private synchronized void keep(CriClient client, @Nullable ContainerdProcess process) {
        this.client = client;
        this.process = process;
    }

    /** Stops what was started; containers stay. */
    @Override
    public void close() {
        CriClient oldClient;
        ContainerdProcess oldProcess;
        ImageFolder oldImages;
        synchronized (this) {
            oldClient = client;
            oldProcess = process;
            oldImages = images;
            images = null;
            client = null;
            process = null;
        }
        if (oldImages != null) {
            oldImages.close();
        }
        if (oldProcess != null) {
            oldProcess.close();
        }
        if (oldClient != null) {
            oldClient.close();
        }
    }
}
