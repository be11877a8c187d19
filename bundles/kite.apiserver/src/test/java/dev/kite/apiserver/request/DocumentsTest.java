package dev.kite.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    private static Api api;

    @BeforeAll
    static void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void theVersionIsThatOfAK3s() {
        assertThat(api.get("/version").expect(200).at("/gitVersion")).isEqualTo("v1.36.2+k3s.kite");
        assertThat(api.get("/version").at("/minor")).isEqualTo("36");
    }

    @Test
    void healthIsToldAsAWholeAndCheckByCheck() {
        assertThat(api.get("/readyz").expect(200).text()).isEqualTo("ok");
        assertThat(api.get("/livez?verbose").expect(200).text())
                .startsWith("[+]ping ok\n[+]log ok\n[+]etcd ok\n[+]poststarthook/")
                .endsWith("\nlivez check passed\n");
        assertThat(api.get("/healthz/ping").expect(200).text()).isEqualTo("ok");
        api.get("/healthz/none").expect(404);
    }

    @Test
    void metricsCountRequestsByWhatTheyAskFor() {
        api.get("/api/v1/namespaces/kube-system").expect(200);
        api.get("/api/v1/namespaces/default/nothings/\u00e4").expect(404);
        String metrics = api.get("/metrics").expect(200).text();
        assertThat(metrics)
                .containsPattern(
                        "apiserver_request_total\\{code=\"200\",component=\"apiserver\",dry_run=\"\",group=\"\","
                                + "resource=\"namespaces\",scope=\"resource\",subresource=\"\",verb=\"GET\",version=\"v1\"} [1-9]")
                .contains("apiserver_request_duration_seconds_bucket{", "le=\"+Inf\"", "kite_store_keys ")
                .doesNotContain("nothings");
        assertThat(metrics.lines())
                .allMatch(line -> line.startsWith("# ") || line.matches("[a-z_0-9]+(\\{.*})? [-+0-9.eNaInf]+"));
    }

    @Test
    void pathsThatAreNotServedAreNotFound() {
        assertThat(api.get("/nowhere").expect(404).text()).isEqualTo("404 page not found\n");
        assertThat(api.get("/apis/none.example.com/v1").expect(404).at("/reason"))
                .isEqualTo("NotFound");
    }
}
