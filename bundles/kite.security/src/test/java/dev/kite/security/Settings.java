package dev.kite.security;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings with their defaults, but for some. */
public final class Settings {
    private Settings() {}

    public static <T> T of(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, _) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
    }
}
