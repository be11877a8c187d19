package dev.kite.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** client-java-proto: message descriptors from its classes, descriptions and markers from its sources' comments. */
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

    /** The outer classes of values that travel as something other than their messages. */
    private static final List<String> VALUE_FILES = List.of("IntStr", "Resource", "Runtime");

    private static final String PACKAGE = "io.kubernetes.client.proto.";

    private final TreeMap<String, Descriptor> messages = new TreeMap<>();
    private final Comments comments = new Comments();

    Protos() {
        for (String file : FILES) {
            for (Descriptor message : descriptor(file).getMessageTypes()) {
                messages.put(Names.definition(message.getFullName()), message);
            }
            comments.read(source(file));
        }
        VALUE_FILES.forEach(file -> comments.read(source(file)));
    }

    /** Messages by definition name. */
    SortedMap<String, Descriptor> messages() {
        return messages;
    }

    /** What the comment of a field, named as in protobuf, marks. */
    Api.Markers markers(String definition, String field) {
        return markers(comments.field(definition, field));
    }

    /** What is said of types and fields. */
    Comments comments() {
        return comments;
    }

    /** Whether the type's own comment says that apply replaces it as a whole. */
    boolean atomic(String definition) {
        return comments.type(definition).contains("+structType=atomic");
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

    private static Api.Markers markers(List<String> comment) {
        String listType = "";
        List<String> keys = new ArrayList<>();
        String strategy = "";
        String mergeKey = "";
        String defaultJson = "";
        boolean atomicStruct = false;
        for (String raw : comment) {
            String line = raw.strip();
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
}
