package dev.kite.generator;

import java.util.Locale;
import java.util.Set;

/** Names in the four languages that meet here: OpenAPI, protobuf, JSON, Java. */
final class Names {
    private static final Set<String> RESERVED = Set.of(
            "abstract",
            "assert",
            "boolean",
            "break",
            "byte",
            "case",
            "catch",
            "char",
            "class",
            "const",
            "continue",
            "default",
            "do",
            "double",
            "else",
            "enum",
            "extends",
            "final",
            "finally",
            "float",
            "for",
            "goto",
            "if",
            "implements",
            "import",
            "instanceof",
            "int",
            "interface",
            "long",
            "native",
            "new",
            "package",
            "private",
            "protected",
            "public",
            "return",
            "short",
            "static",
            "strictfp",
            "super",
            "switch",
            "synchronized",
            "this",
            "throw",
            "throws",
            "transient",
            "try",
            "void",
            "volatile",
            "while",
            "true",
            "false",
            "null",
            "getClass",
            "hashCode",
            "toString",
            "notify",
            "notifyAll",
            "wait",
            "clone",
            "finalize",
            "builder",
            "toBuilder",
            "build",
            "structType",
            "get",
            "set");

    private Names() {}

    /** {@code k8s.io.api.core.v1.Pod} to {@code io.k8s.api.core.v1.Pod}; the API's own packages only. */
    static String definition(String protobufName) {
        return protobufName
                .replace("k8s.io.apiextensions_apiserver.", "k8s.io.apiextensions-apiserver.")
                .replaceFirst("^k8s\\.io\\.", "io.k8s.");
    }

    static String groupVersion(String definition) {
        String[] parts = definition.split("\\.");
        return parts[parts.length - 3] + "." + parts[parts.length - 2];
    }

    static String javaPackage(String definition) {
        return "dev.kite.model." + groupVersion(definition);
    }

    static String javaClass(String definition) {
        return javaPackage(definition) + definition.substring(definition.lastIndexOf('.'));
    }

    /** The accessor of a JSON field: {@code default} is {@code default_}, {@code x-a-b} is {@code xAB}. */
    static String accessor(String json) {
        StringBuilder name = new StringBuilder();
        boolean up = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (!Character.isJavaIdentifierPart(c) || c == '$') {
                up = name.length() > 0;
                continue;
            }
            name.append(up ? Character.toUpperCase(c) : c);
            up = false;
        }
        name.setCharAt(0, Character.toLowerCase(name.charAt(0)));
        String result = name.toString();
        return RESERVED.contains(result) ? result + "_" : result;
    }

    /** For matching the same field's spelling in JSON and protobuf. */
    static String loose(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
