package dev.kite.apiserver.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.http.HttpFilter;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The headers that all answers have, and the arguments that set them. */
final class AnswersTest {
    private static InProcessResponse ask(HttpFilter filter, String method, String... headers) throws Exception {
        InProcessExchange.Builder request = InProcessExchange.request(method, "/api");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build().send(exchange -> filter.filter(exchange, next -> next.respond(200, "a/b", new byte[1])));
    }

    private static ProtectionSettings settings(String... arguments) {
        return ProtectionSettings.of(ComponentArguments.of(UpstreamComponent.APISERVER, arguments));
    }

    @Test
    void everyAnswerHasAnAuditIdWhetherAuditIsOnOrNot() throws Exception {
        AnswerHeaders filter = new AnswerHeaders("");
        try (InProcessResponse one = ask(filter, "GET");
                InProcessResponse other = ask(filter, "GET")) {
            assertThat(one.headers().first("Audit-ID"))
                    .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
                    .isNotEqualTo(other.headers().first("Audit-ID"));
            assertThat(one.headers().first("Cache-Control")).isEqualTo("no-cache, private");
            assertThat(one.headers().first("Strict-Transport-Security")).isNull();
        }
        try (InProcessResponse answer = ask(filter, "GET", "Audit-ID", "mine")) {
            assertThat(answer.headers().first("Audit-ID")).isEqualTo("mine");
        }
        try (InProcessResponse answer = ask(filter, "GET", "Audit-ID", "x".repeat(1000))) {
            assertThat(answer.headers().first("Audit-ID")).hasSize(64);
        }
    }

    @Test
    void transportSecurityIsTold() throws Exception {
        String told = settings("strict-transport-security-directives=max-age=31536000,includeSubDomains,preload")
                .answers()
                .transportSecurity();
        try (InProcessResponse answer = ask(new AnswerHeaders(told), "GET")) {
            assertThat(answer.headers().first("Strict-Transport-Security"))
                    .isEqualTo("max-age=31536000; includeSubDomains; preload");
        }
        assertThatThrownBy(() -> settings("strict-transport-security-directives=always"))
                .hasMessageContaining("--strict-transport-security-directives invalid, allowed values:"
                        + " max-age=expireTime, includeSubDomains, preload.");
    }

    @Test
    void pagesOfAllowedOriginsMayRead() throws Exception {
        List<Pattern> origins = settings("cors-allowed-origins=^https://a\\.example$,//b\\.example(:|$)")
                .answers()
                .origins();
        CorsFilter filter = new CorsFilter(origins);
        try (InProcessResponse answer = ask(filter, "GET", "Origin", "https://a.example")) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers().first("Access-Control-Allow-Origin")).isEqualTo("https://a.example");
            assertThat(answer.headers().first("Access-Control-Allow-Methods"))
                    .isEqualTo("POST, GET, OPTIONS, PUT, DELETE, PATCH");
            assertThat(answer.headers().first("Access-Control-Allow-Credentials"))
                    .isEqualTo("true");
            assertThat(answer.headers().first("Access-Control-Expose-Headers")).isEqualTo("Date");
        }
        try (InProcessResponse answer = ask(filter, "OPTIONS", "Origin", "http://b.example:8080")) {
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.bytes()).isEmpty();
        }
        try (InProcessResponse answer = ask(filter, "GET", "Origin", "https://a.example.evil")) {
            assertThat(answer.headers().first("Access-Control-Allow-Origin")).isNull();
        }
        for (String wrong : List.of("a.example", "^a.example", "//a(:")) {
            assertThatThrownBy(() -> settings("cors-allowed-origins=" + wrong))
                    .as(wrong)
                    .hasMessageContaining("--cors-allowed-origins has an invalid regular expression: ");
        }
    }

    @Test
    void aPartOfAllConnectionsEnds() throws Exception {
        assertThat(settings("goaway-chance=0.001").answers().goaway()).isEqualTo(0.001);
        for (String wrong : List.of("0.03", "-1")) {
            assertThatThrownBy(() -> settings("goaway-chance=" + wrong))
                    .hasMessageContaining("--goaway-chance can not be less than 0 or greater than 0.02");
        }
        try (InProcessResponse answer = ask(new GoawayFilter(1), "GET")) {
            // Only HTTP/2 has it: in this process there is no connection.
            assertThat(answer.headers().first("Connection")).isNull();
        }
    }

    @Test
    void boundsOfRequestsAreSetByArguments() {
        ProtectionSettings none = settings();
        assertThat(none).isEqualTo(ProtectionSettings.DEFAULT);
        ProtectionSettings all = settings(
                "enable-priority-and-fairness=false",
                "max-requests-inflight=800",
                "max-mutating-requests-inflight=0",
                "request-timeout=2m",
                "min-request-timeout=60");
        assertThat(all.fairness()).isFalse();
        assertThat(all.reading()).isEqualTo(800);
        assertThat(all.mutating()).isZero();
        assertThat(all.timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(all.watches().seconds()).isEqualTo(60);
        for (String name : List.of("max-requests-inflight", "max-mutating-requests-inflight", "min-request-timeout")) {
            assertThatThrownBy(() -> settings(name + "=-1")).hasMessageContaining("--" + name + " can not be negative");
        }
        assertThatThrownBy(() -> settings("request-timeout=-1s")).hasMessageContaining("can not be negative value");
        assertThatThrownBy(() -> settings("max-requests-inflight=0", "max-mutating-requests-inflight=0"))
                .hasMessageContaining("must add up to a positive number");
    }
}
