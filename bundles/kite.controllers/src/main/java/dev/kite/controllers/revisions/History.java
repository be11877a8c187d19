package dev.kite.controllers.revisions;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ResourceClient;
import dev.kite.controllers.base.Claims;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.controllers.base.Selectors;
import dev.kite.controllers.deployment.TemplateHash;
import dev.kite.model.Json;
import dev.kite.model.KubernetesObject;
import dev.kite.model.apps.v1.ControllerRevision;
import dev.kite.model.core.v1.PodTemplateSpec;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.meta.v1.LabelSelector;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps a controller's templates as ControllerRevisions, from which kubectl rolls back. Thread-safe. */
public final class History {
    /** The label of pods and revisions that names the revision. */
    public static final String HASH = "controller-revision-hash";

    /** Newest last. */
    private static final Comparator<ControllerRevision> ORDER = Comparator.comparingLong(ControllerRevision::revision)
            .thenComparing(
                    revision -> revision.metadata().creationTimestamp(),
                    Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(revision -> revision.metadata().name());

    private final Informer<ControllerRevision> revisions;
    private final ResourceClient<ControllerRevision> client;
    private final Claims<ControllerRevision> claims;

    /**
     * Keeps the history for one loop.
     *
     * @param scope the loop
     */
    public History(Scope scope) {
        this.revisions = scope.informer(ControllerRevision.RESOURCE);
        this.client = scope.resource(ControllerRevision.RESOURCE);
        this.claims = new Claims<>(client);
        Owners.index(revisions);
    }

    /**
     * Lists a controller's revisions.
     *
     * @param owner the controller
     * @param selector its selector, by which orphans are adopted
     * @param fresh reads the controller past all caches
     * @return its revisions, the newest last
     */
    public List<ControllerRevision> of(
            KubernetesObject owner, LabelSelector selector, Supplier<? extends @Nullable KubernetesObject> fresh) {
        return claims
                .claim(
                        owner,
                        fresh,
                        Owners.controlledBy(revisions, owner.metadata().uid()),
                        Owners.orphans(revisions, owner.metadata().namespace()),
                        revision ->
                                Selectors.matches(selector, revision.metadata().labels()),
                        _ -> true)
                .stream()
                .sorted(ORDER)
                .toList();
    }

    /**
     * Finds or makes the revision of a template; an older one that is in use again becomes the newest.
     *
     * @param owner the controller
     * @param template the template
     * @param labels what the revision is labelled with
     * @param known the controller's revisions, the newest last
     * @param collisions how often a name was taken by another template
     * @return the revision
     * @throws ApiException with AlreadyExists if the name is taken by another template: count it and try again
     */
    public ControllerRevision current(
            KubernetesObject owner,
            PodTemplateSpec template,
            Map<String, String> labels,
            List<ControllerRevision> known,
            int collisions) {
        Json data = data(template);
        long newest = known.isEmpty() ? 0 : known.getLast().revision();
        ControllerRevision same = known.reversed().stream()
                .filter(revision -> equal(revision, data))
                .findFirst()
                .orElse(null);
        if (same != null) {
            return same.revision() == newest
                    ? same
                    : client.update(same.toBuilder().revision(newest + 1).build());
        }
        String hash = TemplateHash.of(template, collisions);
        ControllerRevision wanted = ControllerRevision.builder()
                .metadata(meta -> meta.name(owner.metadata().name() + "-" + hash)
                        .namespace(owner.metadata().namespace())
                        .labels(labels)
                        .putLabels(HASH, hash)
                        .addOwnerReferences(Owners.reference(owner)))
                .data(data)
                .revision(newest + 1)
                .build();
        try {
            return client.create(wanted);
        } catch (ApiException e) {
            if (e.alreadyExists()) {
                ControllerRevision other = client.get(
                        wanted.metadata().namespace(), wanted.metadata().name());
                if (Owners.controls(owner, other) && equal(other, data)) {
                    return other;
                }
            }
            throw e;
        }
    }

    private static boolean equal(ControllerRevision revision, Json data) {
        Json stored = revision.data();
        return stored != null && (stored.equals(data) || stored.tree().equals(data.tree()));
    }

    /** A patch that puts the template back, as kubectl applies it. */
    private static Json data(PodTemplateSpec template) {
        String json = new String(JsonCodec.encode(template), StandardCharsets.UTF_8);
        String fields = json.substring(1);
        String separator = fields.equals("}") ? "" : ",";
        return Json.of("{\"spec\":{\"template\":{\"$patch\":\"replace\"" + separator + fields + "}}");
    }

    /**
     * Tells a revision's template.
     *
     * @param revision the revision
     * @return the template
     */
    public static PodTemplateSpec template(ControllerRevision revision) {
        Json data = revision.data();
        if (data == null) {
            return PodTemplateSpec.TYPE.empty();
        }
        String template = data.tree().path("spec").path("template").toString();
        return JsonCodec.decode(template.getBytes(StandardCharsets.UTF_8), PodTemplateSpec.TYPE);
    }

    /**
     * Deletes the oldest revisions beyond a limit.
     *
     * @param known the controller's revisions, the newest last
     * @param live names of revisions that are in use
     * @param limit how many others are kept
     */
    public void trim(List<ControllerRevision> known, Set<String> live, int limit) {
        List<ControllerRevision> unused = known.stream()
                .filter(revision -> !live.contains(revision.metadata().name()))
                .toList();
        for (ControllerRevision revision : unused.subList(0, Math.max(0, unused.size() - limit))) {
            try {
                client.delete(
                        revision.metadata().namespace(),
                        revision.metadata().name(),
                        DeleteRequest.DEFAULT.only(revision.metadata().uid()));
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    throw e;
                }
            }
        }
    }

    /**
     * Tells a revision's hash.
     *
     * @param revision the revision
     * @return the hash that its pods are labelled with
     */
    public static String hash(ControllerRevision revision) {
        return revision.metadata().labels().getOrDefault(HASH, "");
    }
}
