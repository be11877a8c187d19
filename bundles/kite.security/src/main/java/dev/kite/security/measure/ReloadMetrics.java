package dev.kite.security.measure;

import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.SampledFamily;
import dev.kite.security.settings.WatchedFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;

/** How often a configuration file was taken up again. Stateless. */
public final class ReloadMetrics {
    private ReloadMetrics() {}

    /**
     * The families of a file.
     *
     * @param subsystem whose file it is: authorization, authentication or encryption
     * @param stable whether reloads are told as beta, as upstream does for all but encryption
     * @param file the file
     * @return the families
     */
    public static Collection<MetricFamily> of(String subsystem, boolean stable, WatchedFile file) {
        String prefix = "apiserver_" + subsystem + "_config_controller_";
        return List.of(
                SampledFamily.counters(
                        metric(
                                stable,
                                prefix + "automatic_reloads_total",
                                "How often the changed file was taken up, or not.",
                                "status",
                                "apiserver_id_hash"),
                        to -> outcomes(to, (double) file.taken().count(), (double)
                                file.refused().count())),
                SampledFamily.gauges(
                        metric(
                                stable,
                                prefix + "automatic_reload_last_timestamp_seconds",
                                "When the changed file was last taken up, or not.",
                                "status",
                                "apiserver_id_hash"),
                        to -> outcomes(to, file.taken().last(), file.refused().last())),
                SampledFamily.gauges(
                        Metric.alpha(
                                prefix + "last_config_info",
                                "The hash of the file that is in force; always 1.",
                                "apiserver_id_hash",
                                "hash"),
                        to -> to.accept(List.of(server(), file.hash()), 1.0)));
    }

    private static Metric metric(boolean stable, String name, String help, String... labels) {
        return stable ? Metric.beta(name, help, labels) : Metric.alpha(name, help, labels);
    }

    private static void outcomes(BiConsumer<List<String>, Double> to, double taken, double refused) {
        if (taken > 0) {
            to.accept(List.of("success", server()), taken);
        }
        if (refused > 0) {
            to.accept(List.of("failure", server()), refused);
        }
    }

    /** One server a machine: its name tells it from others. */
    private static String server() {
        String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
        return hash(host);
    }

    /**
     * The hash of a text as it is told.
     *
     * @param text the text
     * @return sha256 and its digest
     */
    public static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
