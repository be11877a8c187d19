package dev.kite.cri;

import dev.kite.api.config.AgentSettings;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Agent settings: the defaults but for some. */
final class Settings {
    private Settings() {}

    static AgentSettings of(Map<String, Object> values) {
        return (AgentSettings) Proxy.newProxyInstance(
                Settings.class.getClassLoader(),
                new Class<?>[] {AgentSettings.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
