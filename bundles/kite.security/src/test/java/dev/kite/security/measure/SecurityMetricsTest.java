package dev.kite.security.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.metrics.GatheredMetrics;
import dev.kite.api.metrics.MetricFormat;
import dev.kite.api.metrics.MetricSource;
import dev.kite.security.measure.SecurityMetrics.Attempt;
import dev.kite.security.settings.WatchedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What security tells of itself. */
class SecurityMetricsTest {
    private static String told(MetricSource source) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MetricFormat.TEXT.write(GatheredMetrics.of(List.of(source)), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void usersAreToldByKindSoThatNamesAreNoSeries() throws IOException {
        SecurityMetrics metrics = new SecurityMetrics();
        for (String user : List.of("admin", "ann@example.com", "system:node:a", "bob")) {
            metrics.attempt(Attempt.SUCCESS, user, 1_000_000);
        }
        metrics.attempt(Attempt.ERROR, "", 3_000_000);
        assertThat(told(metrics))
                .contains(
                        "authenticated_user_requests{username=\"admin\"} 1\n",
                        "authenticated_user_requests{username=\"email_id\"} 1\n",
                        "authenticated_user_requests{username=\"other\"} 2\n",
                        "authentication_attempts{result=\"error\"} 1\n",
                        "authentication_attempts{result=\"success\"} 4\n",
                        "authentication_duration_seconds_bucket{result=\"error\",le=\"0.004\"} 1\n",
                        "apiserver_request_filter_duration_seconds_count{filter=\"authentication\"} 5\n")
                .doesNotContain("bob", "ann@");
    }

    @Test
    void reloadsOfAConfigurationAreCountedWithTheHashOfWhatHolds(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("config"), "one");
        try (WatchedFile watched = new WatchedFile(file, "one", content -> {
            if (content.equals("bad")) {
                throw new IOException("bad");
            }
        })) {
            Files.writeString(file, "two");
            watched.look();
            Files.writeString(file, "bad");
            watched.look();
            String told = told(() -> ReloadMetrics.of("authorization", true, watched));
            assertThat(told)
                    .contains(
                            "# HELP apiserver_authorization_config_controller_automatic_reloads_total [BETA] ",
                            "status=\"success\"} 1\n",
                            "status=\"failure\"} 1\n",
                            "hash=\"" + ReloadMetrics.hash("two") + "\"} 1\n")
                    .contains("apiserver_authorization_config_controller_automatic_reload_last_timestamp_seconds{");
        }
    }
}
