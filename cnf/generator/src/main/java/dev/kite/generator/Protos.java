package dev.kite.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** client-java-proto: message descriptors from its classes, comment markers from its sources. */
final class Protos {
    /** The outer classes whose messages are served; each is one protobuf file. */
    private static final List<String> FILES = List.of(
            "Meta",
            "V1",
            "V1Admission",
            "V1Admissionregistration",
            "V1Apiextensions",
            "V1Apps",
            "V1Authentication",
            "V1Authorization",
            "V1Autoscaling",
            "V1Batch",
            "V1Certificates",
            "V1Coordination",
            "V1Discovery",
            "V1Events",
            "V1Flowcontrol",
            "V1Networking",
            "V1Node",
            "V1Policy",
            "V1Rbac",
            "V1Resource",
            "V1Scheduling",
            "V1Storage",
            "V1beta1Admissionregistration",
            "V1beta1Certificates",
            "V1beta1Storage",
            "V1beta1Storagemigration",
            "V2Autoscaling");

    private static final String PACKAGE = "io.kubernetes.client.proto.";
    private static final Pattern MESSAGE = Pattern.compile("@@protoc_insertion_point\\(interface_extends:([\\w.]+)\\)");
    private static final Pattern COMMENT = Pattern.compile(
            "/\\*\\*\\s+\\* <pre>(.*?)</pre>\\s+\\*\\s+\\* <code>[^\\n]*? (\\w+) = (\\d+)[^\\n]*</code>",
            Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("\\* Protobuf type \\{@code ([\\w.]+)\\}");

    private final TreeMap<String, Descriptor> messages = new TreeMap<>();
    private final Map<String, Map<String, Api.Markers>> markers = new HashMap<>();
    private final Map<String, Boolean> atomic = new HashMap<>();

    Protos() {
        for (String file : FILES) {
            for (Descriptor message : descriptor(file).getMessageTypes()) {
                messages.put(Names.definition(message.getFullName()), message);
            }
            readComments(source(file));
        }
    }

    /** Messages by definition name. */
    SortedMap<String, Descriptor> messages() {
        return messages;
    }

    Api.Markers markers(String definition, String field) {
        return markers.getOrDefault(definition, Map.of()).getOrDefault(field, Api.Markers.NONE);
    }

    /** Whether the type's own comment says that apply replaces it as a whole. */
    boolean atomic(String definition) {
        return atomic.getOrDefault(definition, false);
    }

    private static FileDescriptor descriptor(String file) {
        try {
            return (FileDescriptor)
                    Class.forName(PACKAGE + file).getMethod("getDescriptor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no descriptor in " + file, e);
        }
    }

    private static String source(String file) {
        String path = "/" + PACKAGE.replace('.', '/') + file + ".java";
        try (InputStream in = Protos.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no source " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private void readComments(String source) {
        Matcher message = MESSAGE.matcher(source);
        while (message.find()) {
            // The interface's accessors follow; it ends where an inner class of the message starts.
            int end = source.indexOf("\n  }", message.end());
            Map<String, Api.Markers> fields = new HashMap<>();
            Matcher comment = COMMENT.matcher(source).region(message.end(), end);
            while (comment.find()) {
                fields.putIfAbsent(comment.group(2), parse(comment.group(1)));
            }
            markers.put(Names.definition(message.group(1)), fields);
        }
        Matcher type = TYPE.matcher(source);
        while (type.find()) {
            int start = source.lastIndexOf("/**", type.start());
            if (source.substring(start, type.start()).contains("+structType=atomic")) {
                atomic.put(Names.definition(type.group(1)), true);
            }
        }
    }

    private static Api.Markers parse(String comment) {
        String listType = "";
        List<String> keys = new ArrayList<>();
        String strategy = "";
        String mergeKey = "";
        String defaultJson = "";
        boolean atomicStruct = false;
        for (String raw : comment.split("\n")) {
            String line = unescape(raw.strip().replaceFirst("^\\*\\s*", ""));
            int equals = line.indexOf('=');
            if (!line.startsWith("+") || equals < 0) {
                continue;
            }
            String value = line.substring(equals + 1).strip();
            switch (line.substring(1, equals)) {
                case "listType", "mapType" -> listType = value;
                case "listMapKey" -> keys.add(value);
                case "patchStrategy" -> strategy = value;
                case "patchMergeKey" -> mergeKey = value;
                case "default" -> defaultJson = constant(value);
                case "structType" -> atomicStruct = value.equals("atomic");
                default -> {
                    // validation markers and the like say nothing about structure
                }
            }
        }
        return new Api.Markers(listType, List.copyOf(keys), strategy, mergeKey, defaultJson, atomicStruct);
    }

    /** The value of a default that names a Go constant; the constants are known by their values. */
    private static String constant(String value) {
        if (!value.startsWith("ref(")) {
            return value;
        }
        return switch (value) {
            case "ref(AzureDataDiskCachingReadWrite)" -> "\"ReadWrite\"";
            case "ref(AzureSharedBlobDisk)" -> "\"Shared\"";
            default -> throw new IllegalStateException("a default of unknown value: " + value);
        };
    }

    private static String unescape(String html) {
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#64;", "@")
                .replace("&#42;", "*")
                .replace("&#47;", "/")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
