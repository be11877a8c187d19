package dev.kite.apiserver.registry;

import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.FieldScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Field selectors: which fields each kind's selectors may name, and how they are written. Thread-safe. */
public final class FieldSelectors {
    private static final List<String> OBJECT = List.of("metadata.name", "metadata.namespace");

    /** What kinds have beside name and namespace, by qualified resource. */
    private static final Map<String, List<String>> KINDS = Map.ofEntries(
            Map.entry(
                    "pods",
                    List.of(
                            "spec.nodeName",
                            "spec.restartPolicy",
                            "spec.schedulerName",
                            "spec.serviceAccountName",
                            "spec.hostNetwork",
                            "status.phase",
                            "status.podIP",
                            "status.nominatedNodeName")),
            Map.entry("nodes", List.of("spec.unschedulable")),
            Map.entry("namespaces", List.of("status.phase")),
            Map.entry("secrets", List.of("type")),
            Map.entry("services", List.of("spec.clusterIP", "spec.type")),
            Map.entry("replicationcontrollers", List.of("status.replicas")),
            Map.entry(
                    "events",
                    List.of(
                            "involvedObject.kind",
                            "involvedObject.namespace",
                            "involvedObject.name",
                            "involvedObject.uid",
                            "involvedObject.apiVersion",
                            "involvedObject.resourceVersion",
                            "involvedObject.fieldPath",
                            "reason",
                            "reportingComponent",
                            "source",
                            "source.component",
                            "type")),
            Map.entry("replicasets.apps", List.of("status.replicas")),
            Map.entry("jobs.batch", List.of("status.successful")),
            Map.entry("certificatesigningrequests.certificates.k8s.io", List.of("spec.signerName")),
            Map.entry("resourceslices.resource.k8s.io", List.of("spec.nodeName", "spec.driver")),
            Map.entry("ipaddresses.networking.k8s.io", List.of("spec.parentRef.name")));

    /** Where a field lies in the stored form, where that isn't what selectors call it. */
    private static final Map<String, String> PLACES =
            Map.of("status.successful", "status.succeeded", "source", "source.component|reportingComponent");

    /** What an absent field reads as. */
    private static final Map<String, String> ABSENT = Map.of(
            "spec.hostNetwork",
            "false",
            "spec.unschedulable",
            "false",
            "status.successful",
            "0",
            "status.replicas",
            "0");

    private record Fields(List<String> names, FieldScan scan) {}

    private final Map<ApiResource.Stored, Map<List<String>, Fields>> known = new ConcurrentHashMap<>();

    /**
     * One term.
     *
     * @param index the field's place in the kind's scan
     * @param field the field's name in selectors
     * @param value the value compared with
     * @param equal whether it must be that, or must not
     */
    public record Term(int index, String field, String value, boolean equal) {}

    /**
     * Returns the scan of a kind's selectable fields.
     *
     * @param resource the resource
     * @return the same scan each time
     */
    public FieldScan scan(ApiResource resource) {
        return fields(resource).scan();
    }

    /**
     * Parses a field selector.
     *
     * @param resource the resource
     * @param text for example {@code spec.nodeName=a,status.phase!=Running}
     * @return its terms
     * @throws dev.kite.apiserver.request.StatusException 400 where it is malformed or names a field that the kind doesn't offer
     */
    public List<Term> parse(ApiResource resource, String text) {
        List<Comparison> comparisons = split(text).stream()
                .filter(part -> !part.isEmpty())
                .map(part -> comparison(text, part))
                .toList();
        List<Term> terms = new ArrayList<>();
        Fields fields = fields(resource);
        for (Comparison one : comparisons) {
            int index = fields.names().indexOf(internal(resource, one.field()));
            if (index < 0) {
                throw Errors.badRequest("field label not supported: " + one.field());
            }
            terms.addAll(term(index, one.field(), one.value(), one.equal()));
        }
        return terms;
    }

    private record Comparison(String field, String value, boolean equal) {}

    private static Comparison comparison(String text, String part) {
        int at = operator(part);
        if (at < 0) {
            throw Errors.badRequest("invalid selector: '" + text + "'; can't understand '" + part + "'");
        }
        boolean equal = part.charAt(at) == '=';
        int length = !equal || part.startsWith("==", at) ? 2 : 1;
        return new Comparison(part.substring(0, at), unescape(part.substring(at + length)), equal);
    }

    /** A term; one whose value an absent field reads as is turned round, since the scan reads an absent field as empty. */
    private static List<Term> term(int index, String name, String value, boolean equal) {
        if (value.equals(ABSENT.get(name))) {
            // Booleans and counts are left out when zero: "is zero" is "is absent".
            return List.of(new Term(index, name, "", equal));
        }
        return List.of(new Term(index, name, value, equal));
    }

    private Fields fields(ApiResource resource) {
        List<String> custom =
                resource.custom() == null ? List.of() : resource.custom().selectableFields();
        return known.computeIfAbsent(resource.stored(), _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(custom, _ -> {
                    List<String> names = new ArrayList<>(OBJECT);
                    if (resource.custom() == null) {
                        names.addAll(KINDS.getOrDefault(storedName(resource), List.of()));
                    }
                    names.addAll(custom);
                    List<String> places = names.stream()
                            .map(name -> PLACES.getOrDefault(name, name))
                            .toList();
                    return new Fields(List.copyOf(names), new FieldScan(places));
                });
    }

    private static String storedName(ApiResource resource) {
        String group = resource.stored().group();
        return group.isEmpty() ? resource.plural() : resource.plural() + "." + group;
    }

    /** events.k8s.io names its fields otherwise; they are stored as core's. */
    private static String internal(ApiResource resource, String name) {
        if (resource.is("events.k8s.io", "events")) {
            return switch (name) {
                case "reportingController" -> "reportingComponent";
                case "deprecatedSource.component" -> "source.component";
                default -> name.startsWith("regarding.") ? "involvedObject." + name.substring(10) : name;
            };
        }
        // The name from before nodes were called so.
        return name.equals("spec.host") && resource.is("", "pods") ? "spec.nodeName" : name;
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                part.append(c).append(text.charAt(++i));
            } else if (c == ',') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static int operator(String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) == '=' || part.startsWith("!=", i)) {
                return i;
            }
        }
        return -1;
    }

    private static String unescape(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\\') {
                if (c == '=') {
                    throw Errors.badRequest("invalid field selector: unescaped character in value: 61");
                }
                out.append(c);
            } else if (i + 1 < value.length() && "\\,=".indexOf(value.charAt(i + 1)) >= 0) {
                out.append(value.charAt(++i));
            } else {
                throw Errors.badRequest("invalid field selector: invalid escape sequence: "
                        + value.substring(i, Math.min(value.length(), i + 2)));
            }
        }
        return out.toString();
    }
}
