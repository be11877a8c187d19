package dev.kite.security.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.UserInfo;
import dev.kite.security.PolicyRule;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    private static final UserInfo USER = UserInfo.of("u");

    private static List<String> words(String text) {
        return text == null || text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" "))
                        .map(w -> w.equals("core") ? "" : w)
                        .toList();
    }

    static Attributes resource(String verb, String group, String resource, String name) {
        String[] parts = resource.split("/");
        return new Attributes(
                USER, verb, true, group, "v1", parts[0], parts.length > 1 ? parts[1] : "", "ns", name, "", "");
    }

    @ParameterizedTest
    @CsvSource({
        // rule: verbs, groups, resources, names; request: verb, group, resource, name; allowed
        "get,      core, pods,           '',   get,    '',   pods,       a,  true",
        "get list, core, pods,           '',   list,   '',   pods,       '', true",
        "get,      core, pods,           '',   list,   '',   pods,       '', false",
        "*,        core, pods,           '',   escape, '',   pods,       '', true",
        "get,      core, pods,           '',   get,    apps, pods,       a,  false",
        "get,      *,    pods,           '',   get,    apps, pods,       a,  true",
        "get,      core, *,              '',   get,    '',   secrets,    a,  true",
        "get,      core, *,              '',   get,    '',   pods/log,   a,  true",
        "get,      core, pods,           '',   get,    '',   pods/log,   a,  false",
        "get,      core, pods/log,       '',   get,    '',   pods/log,   a,  true",
        "get,      core, pods/log,       '',   get,    '',   pods,       a,  false",
        "get,      core, pods/*,         '',   get,    '',   pods/log,   a,  false",
        "update,   *,    */scale,        '',   update, apps, deployments/scale, a, true",
        "update,   *,    */scale,        '',   update, apps, deployments/status, a, false",
        "update,   *,    */scale,        '',   update, apps, deployments, a, false",
        "update,   *,    */scale,        '',   update, apps, scale, a, false",
        "update,   *,    */scale,        '',   update, apps, x/myscale, a, false",
        "get,      core, xpods/log,      '',   get,    '',   pods/log,   a,  false",
        "get,      core, configmaps,     a b,  get,    '',   configmaps, a,  true",
        "get,      core, configmaps,     a b,  get,    '',   configmaps, c,  false",
        "list,     core, configmaps,     a,    list,   '',   configmaps, '', false",
        "list,     core, configmaps,     a,    list,   '',   configmaps, a,  true",
        "create,   core, configmaps,     a,    create, '',   configmaps, '', false",
        "GET,      core, pods,           '',   get,    '',   pods,       a,  false",
    })
    void aRuleAllowsAResource(
            String verbs,
            String groups,
            String resources,
            String names,
            String verb,
            String group,
            String resource,
            String name,
            boolean allowed) {
        PolicyRule rule = new PolicyRule(words(verbs), words(groups), words(resources), words(names), List.of());
        assertThat(RuleMatch.allows(rule, resource(verb, group, resource, name)))
                .isEqualTo(allowed);
        assertThat(RuleMatch.anyAllows(List.of(rule), resource(verb, group, resource, name)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz,   /healthz,       true",
        "/healthz,   /healthz/,      false",
        "/healthz/*, /healthz/ping,  true",
        "/healthz/*, /healthz/,      true",
        "/healthz/*, /healthz,       false",
        "/heal*,     /healthz,       true",
        "*,          /anything,      true",
        "/*/x,       /a/x,           false",
        "/api,       /apis,          false",
    })
    void aRuleAllowsAPath(String pattern, String path, boolean allowed) {
        PolicyRule rule = new PolicyRule(List.of("get"), List.of(), List.of(), List.of(), List.of(pattern));
        Attributes asked = new Attributes(USER, "get", false, "", "", "", "", "", "", path, "");
        assertThat(RuleMatch.allows(rule, asked)).isEqualTo(allowed);
        // A rule for paths says nothing of resources, nor the other way round.
        assertThat(RuleMatch.allows(rule, resource("get", "", "pods", "a"))).isFalse();
        assertThat(RuleMatch.allows(
                        new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()), asked))
                .isFalse();
    }

    @Test
    void oneMayGrantWhatOneHoldsAndNoMore() {
        PolicyRule pods =
                new PolicyRule(List.of("get", "list"), List.of(""), List.of("pods", "pods/log"), List.of(), List.of());
        PolicyRule named =
                new PolicyRule(List.of("get"), List.of(""), List.of("secrets"), List.of("a", "b"), List.of());
        PolicyRule scale = new PolicyRule(List.of("get"), List.of("*"), List.of("*/scale"), List.of(), List.of());
        PolicyRule urls = new PolicyRule(List.of("get"), List.of(), List.of(), List.of(), List.of("/healthz/*"));
        List<PolicyRule> held = List.of(pods, named, scale, urls);
        assertThat(RuleCover.uncovered(held, held)).isEmpty();
        assertThat(RuleCover.uncovered(
                        held,
                        List.of(new PolicyRule(List.of("get"), List.of(""), List.of("pods"), List.of("x"), List.of()))))
                .isEmpty();
        assertThat(RuleCover.uncovered(
                        held,
                        List.of(new PolicyRule(
                                List.of("get"), List.of("apps"), List.of("deployments/scale"), List.of(), List.of()))))
                .isEmpty();
        assertThat(RuleCover.uncovered(
                        held,
                        List.of(new PolicyRule(
                                List.of("get"), List.of(), List.of(), List.of(), List.of("/healthz/ping")))))
                .isEmpty();
        assertThat(RuleCover.uncovered(
                        held,
                        List.of(new PolicyRule(
                                List.of("get", "delete"), List.of(""), List.of("pods"), List.of(), List.of()))))
                .containsExactly(new PolicyRule(List.of("delete"), List.of(""), List.of("pods"), List.of(), List.of()));
        // All names are more than some.
        assertThat(RuleCover.uncovered(
                        held,
                        List.of(new PolicyRule(List.of("get"), List.of(""), List.of("secrets"), List.of(), List.of()))))
                .hasSize(1);
        assertThat(RuleCover.uncovered(
                        held,
                        List.of(new PolicyRule(
                                List.of("get"), List.of(""), List.of("secrets"), List.of("a", "c"), List.of()))))
                .hasSize(1);
        assertThat(RuleCover.uncovered(
                        held, List.of(new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()))))
                .hasSize(1);
        assertThat(RuleCover.uncovered(
                        held, List.of(new PolicyRule(List.of("get"), List.of(), List.of(), List.of(), List.of("*")))))
                .hasSize(1);
    }
}
