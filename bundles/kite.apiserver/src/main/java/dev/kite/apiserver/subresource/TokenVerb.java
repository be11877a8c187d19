package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.security.ServiceAccountTokens.Claims;
import dev.kite.security.ServiceAccountTokens.Issued;
import dev.kite.security.ServiceAccountTokens.ObjectReference;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Issues a service account's token, bound to a pod, node or secret where that is asked for. */
public final class TokenVerb implements Verb {
    private static final long SHORTEST_SECONDS = 600;
    private static final long LONGEST_SECONDS = 1L << 32;
    private static final long DEFAULT_SECONDS = 3600;

    private final Objects objects;
    private final ServiceAccountTokens tokens;
    private final Bodies bodies;
    private final Admits admits;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param objects finds accounts and what tokens are bound to
     * @param tokens issues
     * @param bodies reads bodies
     * @param admits shows admission what is asked for
     * @param answers writes answers
     */
    public TokenVerb(Objects objects, ServiceAccountTokens tokens, Bodies bodies, Admits admits, Answers answers) {
        this.objects = objects;
        this.tokens = tokens;
        this.bodies = bodies;
        this.admits = admits;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ObjectNode request = bodies.read(call, "authentication.k8s.io", "v1", "TokenRequest");
        String namespace = call.info().namespace();
        String name = call.info().name();
        admits.created(call, resource, name, request);
        ObjectNode account = objects.find("", "serviceaccounts", namespace, name);
        if (account == null) {
            throw resource.notFound(name);
        }
        long seconds = Tree.has(request, "spec", "expirationSeconds")
                ? Tree.number(request, "spec", "expirationSeconds")
                : DEFAULT_SECONDS;
        check(request, seconds);
        ObjectReference bound = bound(namespace, name, Tree.object(request, "spec", "boundObjectRef"));
        Issued issued = tokens.issue(new Claims(
                namespace,
                name,
                Tree.text(account, "metadata", "uid"),
                Tree.texts(request, "spec", "audiences"),
                Duration.ofSeconds(seconds),
                bound,
                node(namespace, bound)));
        if (Tree.at(request, "spec", "audiences").isEmpty()) {
            request.withObject("/spec").putArray("audiences").add(tokens.issuer());
        }
        ObjectNode metadata = Trees.metadata(request);
        metadata.put("name", name).put("namespace", namespace);
        metadata.put("creationTimestamp", Metadata.seconds(java.time.Instant.now()));
        request.withObject("/spec").put("expirationSeconds", seconds);
        request.putObject("status")
                .put("token", issued.token())
                .put("expirationTimestamp", Metadata.seconds(issued.expires()));
        answers.tree(call, 201, request);
    }

    private static void check(ObjectNode request, long seconds) {
        String why = seconds < SHORTEST_SECONDS
                ? "may not specify a duration less than 10 minutes"
                : seconds > LONGEST_SECONDS ? "may not specify a duration larger than 2^32 seconds" : "";
        if (!why.isEmpty()) {
            throw Checks.invalid(
                    "authentication.k8s.io",
                    "TokenRequest",
                    "",
                    List.of(new FieldError(
                            FieldError.Type.INVALID,
                            "spec.expirationSeconds",
                            Tree.at(request, "spec", "expirationSeconds"),
                            why)));
        }
    }

    private @Nullable ObjectReference bound(String namespace, String account, @Nullable ObjectNode reference) {
        if (reference == null) {
            return null;
        }
        String kind = Tree.text(reference, "kind");
        String name = Tree.text(reference, "name");
        String plural = switch (kind) {
            case "Pod" -> "pods";
            case "Node" -> "nodes";
            case "Secret" -> "secrets";
            default ->
                throw Errors.badRequest(
                        "cannot bind token for serviceaccount \"" + account + "\" to object of type " + kind);
        };
        ObjectNode object = objects.find("", plural, kind.equals("Node") ? "" : namespace, name);
        if (object == null) {
            throw Errors.notFound("", plural, name);
        }
        String uid = Tree.text(object, "metadata", "uid");
        String wanted = Tree.text(reference, "uid");
        if (!wanted.isEmpty() && !wanted.equals(uid)) {
            throw Errors.conflict(
                    "",
                    plural,
                    name,
                    "the UID in the bound object reference (" + wanted
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        if (kind.equals("Pod")
                && !Tree.text(object, "spec", "serviceAccountName").equals(account)) {
            throw Errors.badRequest("cannot bind token for serviceaccount \"" + account
                    + "\" to pod running with different serviceaccount name.");
        }
        return new ObjectReference(kind, name, uid);
    }

    private @Nullable ObjectReference node(String namespace, @Nullable ObjectReference bound) {
        if (bound == null || !bound.kind().equals("Pod")) {
            return null;
        }
        ObjectNode pod = objects.find("", "pods", namespace, bound.name());
        String name = pod == null ? "" : Tree.text(pod, "spec", "nodeName");
        ObjectNode node = name.isEmpty() ? null : objects.find("", "nodes", "", name);
        return node == null ? null : new ObjectReference("Node", name, Tree.text(node, "metadata", "uid"));
    }
}
