package dev.kite.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentArgumentsTest {
    @Test
    void argumentsAreReadWithAndWithoutDashesAndTheLastCounts() {
        ComponentArguments arguments = ComponentArguments.of(
                "audit-log-maxage=30", "--audit-log-maxage=40", "profiling", "anonymous_auth=false", "a==b", "");
        assertThat(arguments.number("audit-log-maxage", 0)).isEqualTo(40);
        assertThat(arguments.values("audit-log-maxage")).containsExactly("30", "40");
        assertThat(arguments.flag("profiling", false)).isTrue();
        assertThat(arguments.flag("anonymous-auth", true)).isFalse();
        assertThat(arguments.value("a")).contains("=b");
        assertThat(arguments.value("b")).isEmpty();
        assertThat(arguments.value("b", "c")).isEqualTo("c");
        assertThat(arguments.has("profiling")).isTrue();
        assertThat(arguments.names()).contains("profiling", "a");
    }

    @Test
    void listsAreGivenTogetherOrOneByOne() {
        assertThat(ComponentArguments.of("p=A, B,", "p=C").list("p")).containsExactly("A", "B", "C");
        assertThat(ComponentArguments.of().list("p")).isEmpty();
    }

    @Test
    void defaultsAreReplacedOrExtendedAsInK3s() {
        Map<String, String> defaults = Map.of("enable-admission-plugins", "NodeRestriction", "profiling", "false");
        String name = "enable-admission-plugins";
        assertThat(ComponentArguments.of(defaults, name + "=A").list(name)).containsExactly("A");
        assertThat(ComponentArguments.of(defaults, name + "+=A", name + "+=B").list(name))
                .containsExactly("NodeRestriction", "A", "B");
        assertThat(ComponentArguments.of(defaults, name + "-=A").list(name)).containsExactly("A", "NodeRestriction");
        assertThat(ComponentArguments.of(defaults).list(name)).containsExactly("NodeRestriction");
        assertThat(ComponentArguments.of(defaults).flag("profiling", true)).isFalse();
    }

    @Test
    void valuesThatCannotBeReadAreNamed() {
        ComponentArguments arguments = ComponentArguments.of("n=many", "f=maybe");
        assertThatThrownBy(() -> arguments.number("n", 1)).hasMessageContaining("n: \"many\"");
        assertThatThrownBy(() -> arguments.flag("f", true)).hasMessageContaining("f: \"maybe\"");
    }
}
