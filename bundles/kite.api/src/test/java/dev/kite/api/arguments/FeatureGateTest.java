package dev.kite.api.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureGateTest {
    private static void given(String value) {
        ComponentArguments.of(UpstreamComponent.APISERVER, "feature-gates=" + value);
    }

    @Test
    void theTableHasTheGatesOf136() {
        assertThat(FeatureGate.all()).hasSize(242);
        assertThat(FeatureGate.all().get("WatchList"))
                .isEqualTo(new FeatureGate("WatchList", FeatureGate.Stage.BETA, true, false));
        assertThat(FeatureGate.all().get("KMSv1"))
                .isEqualTo(new FeatureGate("KMSv1", FeatureGate.Stage.DEPRECATED, false, false));
        assertThat(FeatureGate.all().get("AllAlpha"))
                .isEqualTo(new FeatureGate("AllAlpha", FeatureGate.Stage.ALPHA, false, false));
        assertThat(FeatureGate.all().get("APIServerTracing"))
                .isEqualTo(new FeatureGate("APIServerTracing", FeatureGate.Stage.GA, true, true));
        assertThat(FeatureGate.all()).doesNotContainKey("RouteExternalCertificate");
        assertThat(List.copyOf(FeatureGate.all().keySet())).isSorted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "WatchList=true",
                "kube:WatchList=T",
                "WatchList=1, KMSv1=false,AllAlpha=false",
                "APIServerTracing=true"
            })
    void whatIsSoAnywayIsTaken(String value) {
        assertThatCode(() -> given(value)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Nope=true|unrecognized feature gate: Nope",
                "WatchList=true,WatchLost=true|unrecognized feature gate: WatchLost; did you mean WatchList?",
                "WatchList|missing bool value for WatchList",
                "=|invalid value of =, err: strconv.ParseBool: parsing \"\": invalid syntax",
                "=true|unrecognized feature gate: ",
                "WatchList=x|invalid value of WatchList=x, err: strconv.ParseBool: parsing \"x\": invalid syntax",
                "wardle:WatchList=true|component not registered: wardle",
                ":WatchList=true|component not registered: ",
                "APIServerTracing=false|cannot set feature gate APIServerTracing to false, feature is locked to true"
            })
    void unknownAndLockedGatesAreRefusedInUpstreamsWords(String value, String words) {
        assertThatThrownBy(() -> given(value))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining(
                        "invalid argument \"" + value + "\" for \"--feature-gates\" flag: " + words.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WatchList=false", "KMSv1=true", "AllAlpha=true", "AllBeta=true", "AllBeta=false"})
    void gatesCannotBeChangedAndThatIsSaid(String value) {
        assertThatThrownBy(() -> given(value))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("cannot set feature gate " + value.replace("=", " to ")
                        + ", Kite has each feature as 1.36 has it by default and switches none");
    }

    @Test
    void gatesOfApisThatRuntimeConfigTurnsOnSaySo() {
        assertThatThrownBy(() -> given("ClusterTrustBundle=true"))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining(
                        "cannot set feature gate ClusterTrustBundle to true, Kite serves its API by runtime-config alone");
    }
}
