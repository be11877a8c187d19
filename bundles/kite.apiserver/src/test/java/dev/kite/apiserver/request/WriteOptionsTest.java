package dev.kite.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteOptionsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP = "{\"metadata\":{\"name\":\"a\"}}";
    private static Api api;

    @BeforeAll
    static void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post(MAPS, MAP).expect(201);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"POST,'',CreateOptions", "PUT,/a,UpdateOptions", "PATCH,/a,PatchOptions", "DELETE,/a,DeleteOptions"})
    void aWrongDryRunIsRefusedUnderTheNameOfTheMethodsOptions(String method, String name, String options) {
        String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
        byte[] body = method.equals("DELETE") ? new byte[0] : MAP.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Answer answer =
                api.ask(method, MAPS + name + "?dryRun=Server", type, body).expect(422);
        assertThat(answer.at("/details/kind")).isEqualTo(options);
        assertThat(answer.at("/details/group")).isEqualTo("meta.k8s.io");
        assertThat(answer.at("/details/causes/0/field")).isEqualTo("dryRun");
        assertThat(answer.at("/details/causes/0/reason")).isEqualTo("FieldValueNotSupported");
    }

    @Test
    void aFieldManagerIsShortAndPrintable() {
        Answer tooLong =
                api.post(MAPS + "?fieldManager=" + "m".repeat(129), MAP).expect(422);
        assertThat(tooLong.at("/details/causes/0/reason")).isEqualTo("FieldValueTooLong");
        Answer unprintable = api.post(MAPS + "?fieldManager=a%0Ab", MAP).expect(422);
        assertThat(unprintable.at("/details/causes/0/field")).isEqualTo("fieldManager");
        api.post(MAPS + "?dryRun=All&fieldManager=" + "m".repeat(128), "{\"metadata\":{\"name\":\"b\"}}")
                .expect(201);
    }

    @Test
    void onlyAnApplyMayBeForced() {
        Answer answer = api.patch(MAPS + "/a?force=true", "application/merge-patch+json", "{}")
                .expect(422);
        assertThat(answer.at("/details/causes/0/reason")).isEqualTo("FieldValueForbidden");
        assertThat(answer.at("/details/causes/0/field")).isEqualTo("force");
    }
}
