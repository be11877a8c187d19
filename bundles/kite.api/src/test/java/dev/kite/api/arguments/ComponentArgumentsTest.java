package dev.kite.api.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentArgumentsTest {
    private static ComponentArguments api(String... given) {
        return ComponentArguments.of(UpstreamComponent.APISERVER, given);
    }

    @Test
    void valuesAreReadInTheFormsThatUpstreamTakes() {
        ComponentArguments given = api(
                "max-requests-inflight=7",
                "--event-ttl=1h30m",
                "goaway_chance=0.02",
                "profiling",
                "audit-log-path=-",
                "enable-admission-plugins=A,B",
                "enable-admission-plugins= C ",
                "runtime-config=api/all=true,batch/v1beta1",
                "feature-gates=WatchList=true");
        assertThat(given.number("max-requests-inflight", 400)).isEqualTo(7);
        assertThat(given.duration("event-ttl", Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(90));
        assertThat(given.decimal("goaway-chance", 0)).isEqualTo(0.02);
        assertThat(given.flag("profiling", false)).isTrue();
        assertThat(given.text("audit-log-path")).contains("-");
        assertThat(given.list("enable-admission-plugins")).containsExactly("A", "B", "C");
        assertThat(given.map("runtime-config")).containsEntry("api/all", "true").containsEntry("batch/v1beta1", "");
        assertThat(given.map("feature-gates")).containsEntry("WatchList", "true");
    }

    @Test
    void whatIsNotGivenHasTheDefaultOfWhoAsks() {
        ComponentArguments none = api();
        assertThat(none.number("max-requests-inflight", 400)).isEqualTo(400);
        assertThat(none.flag("profiling", true)).isTrue();
        assertThat(none.text("audit-log-path")).isEmpty();
        assertThat(none.list("oidc-signing-algs")).isEmpty();
        assertThat(none.given("profiling")).isFalse();
    }

    @Test
    void theLastOfTwoValuesCounts() {
        assertThat(api("max-requests-inflight=7", "max-requests-inflight=8").number("max-requests-inflight", 0))
                .isEqualTo(8);
    }

    @Test
    @Behaviour("An unknown argument of a component stops the server with one line and a suggestion")
    void anUnknownArgumentIsRefusedWithASuggestion() {
        assertThatThrownBy(() -> api("max-request-inflight=5"))
                .isInstanceOf(ArgumentException.class)
                .hasMessage(
                        "--kube-apiserver-arg: unknown flag: --max-request-inflight; did you mean max-requests-inflight?");
        assertThatThrownBy(() -> api("zzzzzzzz=5")).hasMessage("--kube-apiserver-arg: unknown flag: --zzzzzzzz");
        assertThatThrownBy(() -> ComponentArguments.of(UpstreamComponent.KUBELET, "audit-log-path=x"))
                .hasMessageStartingWith("--kubelet-arg: unknown flag: --audit-log-path");
    }

    @ParameterizedTest
    @CsvSource({
        "max-requests-inflight=many",
        "max-requests-inflight=",
        "max-requests-inflight=99999999999999999999",
        "event-ttl=5",
        "event-ttl=1y",
        "event-ttl=99999999999999h",
        "profiling=maybe",
        "goaway-chance=a lot",
        "goaway-chance=NaN",
    })
    void aValueOfTheWrongFormIsRefused(String given) {
        assertThatThrownBy(() -> api(given))
                .isInstanceOf(ArgumentException.class)
                .hasMessageStartingWith("--kube-apiserver-arg: invalid argument \"")
                .hasMessageContaining("\" flag: ");
    }

    @ParameterizedTest
    @CsvSource({
        "concurrent-cron-job-syncs=0,must not be less than 1",
        "max-endpoints-per-slice=1001,must not be more than 1000",
        "attach-detach-reconcile-sync-period=500ms,must not be less than 1s",
    })
    void aValueOutOfUpstreamsBoundsIsRefused(String given, String why) {
        assertThatThrownBy(() -> ComponentArguments.of(UpstreamComponent.CONTROLLER_MANAGER, given))
                .isInstanceOf(ArgumentException.class)
                .hasMessageStartingWith("--kube-controller-manager-arg: invalid argument \"")
                .hasMessageEndingWith("\" flag: " + why);
    }

    @Test
    void aWordThatUpstreamDoesNotKnowIsRefused() {
        assertThatThrownBy(() -> ComponentArguments.of(UpstreamComponent.KUBELET, "topology-manager-scope=rack"))
                .hasMessage("--kubelet-arg: invalid argument \"rack\" for \"--topology-manager-scope\" flag: "
                        + "must be one of container, pod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "--", "---=x", "=x", "\0=1", "a b"})
    void nonsenseIsAnUnknownFlag(String given) {
        assertThatThrownBy(() -> api(given))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("unknown flag");
    }

    @Test
    void aVeryLongNameIsRefusedAtOnce() {
        assertThatThrownBy(() -> api("x".repeat(1_000_000))).isInstanceOf(ArgumentException.class);
    }

    @Test
    void repeatedValuesAreNeverSplitAndKeepTheirOrder() {
        ComponentArguments given = api("service-account-issuer=https://a,b", "service-account-issuer=https://c");
        assertThat(given.values("service-account-issuer")).containsExactly("https://a,b", "https://c");
        assertThat(given.values("api-audiences")).isEmpty();
    }

    @Test
    void anEmptyTextIsGivenAndHasNoValue() {
        ComponentArguments given = api("oidc-groups-claim=");
        assertThat(given.given("oidc-groups-claim")).isTrue();
        assertThat(given.text("oidc-groups-claim")).isEmpty();
        assertThat(given.values("oidc-groups-claim")).containsExactly("");
        assertThatThrownBy(() -> api("event-ttl="))
                .hasMessage("--kube-apiserver-arg: invalid argument \"\" for \"--event-ttl\" flag: "
                        + "time: invalid duration \"\"");
    }

    @Test
    void defaultsAreReplacedOrExtendedAsInK3s() {
        Map<String, String> defaults = Map.of("enable-admission-plugins", "NodeRestriction", "profiling", "false");
        String name = "enable-admission-plugins";
        assertThat(api(defaults, name + "=A").list(name)).containsExactly("A");
        assertThat(api(defaults, name + "+=A", "--" + name + "+=B").list(name))
                .containsExactly("NodeRestriction", "A", "B");
        assertThat(api(defaults, name + "-=A").list(name)).containsExactly("A", "NodeRestriction");
        assertThat(api(defaults).list(name)).containsExactly("NodeRestriction");
        assertThat(api(defaults).flag("profiling", true)).isFalse();
        assertThat(api(name + "+=A").list(name)).containsExactly("A");
        assertThatThrownBy(() -> api("zzzzzzzz+=A")).hasMessage("--kube-apiserver-arg: unknown flag: --zzzzzzzz");
    }

    private static ComponentArguments api(Map<String, String> defaults, String... given) {
        return ComponentArguments.of(UpstreamComponent.APISERVER, defaults, given);
    }
}
