package dev.kite.apiserver.diagnostics;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** Profiles of this JVM. The flight recorder is loaded with the first recording. Thread-safe; one at a time is its caller's matter. */
public final class JvmProfiles implements ProfileDocument.Profiles {
    /** What a recording may fill of the disk: the oldest of it goes. */
    private static final long MOST_BYTES = 64L << 20;

    /** Takes nothing yet. */
    public JvmProfiles() {}

    @Override
    public byte[] record(Duration lasts, boolean details) throws IOException {
        Path folder = Files.createTempDirectory("kite-profile");
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording(Configuration.getConfiguration(details ? "profile" : "default"))) {
            if (!details) {
                recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            }
            recording.setMaxSize(MOST_BYTES);
            recording.start();
            Thread.sleep(lasts);
            recording.stop();
            recording.dump(file);
            return Files.readAllBytes(file);
        } catch (ParseException e) {
            throw new IOException("the flight recorder has no settings: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    @Override
    public String heap() throws IOException {
        try {
            return String.valueOf(ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()}));
        } catch (JMException e) {
            throw new IOException("no class histogram: " + e.getMessage(), e);
        }
    }

    @Override
    public String threads(boolean virtual) throws IOException {
        if (!virtual) {
            StringBuilder text = new StringBuilder();
            Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true))
                    .forEach(text::append);
            return text.toString();
        }
        Path folder = Files.createTempDirectory("kite-threads");
        Path file = folder.resolve("threads.txt");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    @Override
    public String commandLine() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        StringBuilder line = new StringBuilder(info.command().orElse("kite"));
        info.arguments()
                .ifPresent(words ->
                        Arrays.stream(words).forEach(word -> line.append('\0').append(word)));
        return line.toString();
    }
}
