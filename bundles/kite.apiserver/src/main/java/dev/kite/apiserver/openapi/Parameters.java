package dev.kite.apiserver.openapi;

import dev.kite.apiserver.openapi.Operation.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of Kubernetes' operations. Immutable. */
final class Parameters {
    private Parameters() {}

    static final Parameter NAME = new Parameter("name", "path", "string", "the object's name");
    static final Parameter NAMESPACE = new Parameter("namespace", "path", "string", "the object's namespace");
    static final Parameter PRETTY = new Parameter("pretty", "query", "string", "true: JSON is indented");

    static final List<Parameter> LIST = List.of(
            query("allowWatchBookmarks", "boolean", "whether a watch sends bookmarks"),
            query("continue", "string", "where the list goes on, from the last answer's metadata"),
            query("fieldSelector", "string", "only objects whose fields match"),
            query("labelSelector", "string", "only objects whose labels match"),
            query("limit", "integer", "at most so many objects in one answer"),
            query("resourceVersion", "string", "how new the answer must be"),
            query("resourceVersionMatch", "string", "NotOlderThan or Exact"),
            query("sendInitialEvents", "boolean", "whether a watch begins with what there is"),
            query("timeoutSeconds", "integer", "how long the request may last"),
            query("watch", "boolean", "whether changes follow as a stream"));

    static final List<Parameter> WRITE = List.of(
            query("dryRun", "string", "All: check, and change nothing"),
            query("fieldManager", "string", "who writes, for field ownership"),
            query("fieldValidation", "string", "Ignore, Warn or Strict: what becomes of unknown and duplicate fields"));

    static final List<Parameter> PATCH =
            with(WRITE, query("force", "boolean", "whether apply takes fields that others own"));

    static final List<Parameter> DELETE = List.of(
            query("dryRun", "string", "All: check, and change nothing"),
            query("gracePeriodSeconds", "integer", "how long the object has to end"),
            query(
                    "ignoreStoreReadErrorWithClusterBreakingPotential",
                    "boolean",
                    "whether to delete an object that cannot be read"),
            query("orphanDependents", "boolean", "the older form of propagationPolicy"),
            query("propagationPolicy", "string", "Orphan, Background or Foreground: what becomes of dependents"));

    static final List<Parameter> DELETE_COLLECTION = deleteCollection();

    static final List<Parameter> LOG = List.of(
            query("container", "string", "whose log"),
            query("follow", "boolean", "whether what comes follows"),
            query("insecureSkipTLSVerifyBackend", "boolean", "whether the node's certificate is trusted unseen"),
            query("limitBytes", "integer", "at most so many bytes"),
            query("previous", "boolean", "whether the container before this one is meant"),
            query("sinceSeconds", "integer", "only what is not older"),
            query("stream", "string", "All, Stdout or Stderr"),
            query("tailLines", "integer", "only so many lines from the end"),
            query("timestamps", "boolean", "whether each line begins with its time"));

    private static List<Parameter> deleteCollection() {
        Map<String, Parameter> found = new LinkedHashMap<>();
        for (Parameter one : with(LIST, DELETE.toArray(new Parameter[0]))) {
            found.put(one.name(), one);
        }
        found.remove("watch");
        found.remove("allowWatchBookmarks");
        return found.values().stream()
                .sorted(Comparator.comparing(Parameter::name))
                .toList();
    }

    static Parameter query(String name, String type, String description) {
        return new Parameter(name, "query", type, description);
    }

    static List<Parameter> with(List<Parameter> parameters, Parameter... more) {
        List<Parameter> all = new ArrayList<>(parameters);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
