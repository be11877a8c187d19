package dev.kite.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admission;
import dev.kite.apiserver.admission.AdmissionContext;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.AdmissionRules;
import dev.kite.apiserver.policy.MutatingPolicies;
import dev.kite.apiserver.policy.PolicyContext;
import dev.kite.apiserver.policy.ValidatingPolicies;
import dev.kite.apiserver.policy.WebhookConditions;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Creation;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.storage.Registered;
import dev.kite.apiserver.storage.StoredQuotas;
import dev.kite.apiserver.webhook.Conditions;
import dev.kite.apiserver.webhook.Forms;
import dev.kite.apiserver.webhook.MutatingWebhooks;
import dev.kite.apiserver.webhook.ValidatingWebhooks;
import dev.kite.apiserver.webhook.WebhookCaller;
import dev.kite.security.Authorization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts admission together. Writes that rules make themselves need the machinery, which needs the rules: it is given afterwards. */
final class AdmissionChain {
    private final Surroundings with;
    private final Objects objects;
    private final @Nullable WebhookCaller webhooks;
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final AtomicReference<Creation> creation = new AtomicReference<>();

    AdmissionChain(
            Surroundings with,
            Objects objects,
            @Nullable WebhookCaller webhooks,
            ResourceCatalog catalog,
            Incoming incoming) {
        this.with = with;
        this.objects = objects;
        this.webhooks = webhooks;
        this.catalog = catalog;
        this.incoming = incoming;
    }

    Admission admission() {
        Map<String, AdmissionRule> others = new HashMap<>();
        Forms forms = new ServedForms(catalog, incoming, objects.conversions());
        Authorization authorization =
                with.security() == null ? null : with.security().authorization();
        PolicyContext policies = new PolicyContext(objects.store(), with.cel(), authorization, objects, catalog, forms);
        others.put("MutatingAdmissionPolicy", new MutatingPolicies(policies));
        others.put("ValidatingAdmissionPolicy", new ValidatingPolicies(policies));
        WebhookCaller caller = webhooks;
        if (caller != null) {
            Conditions conditions = new WebhookConditions(with.cel(), authorization);
            others.put(
                    "MutatingAdmissionWebhook",
                    new MutatingWebhooks(
                            registered("mutatingwebhookconfigurations"),
                            caller,
                            objects,
                            forms,
                            conditions,
                            with.monitoring().admission()));
            others.put(
                    "ValidatingAdmissionWebhook",
                    new ValidatingWebhooks(
                            registered("validatingwebhookconfigurations"),
                            caller,
                            objects,
                            forms,
                            conditions,
                            with.monitoring().admission()));
        }
        AdmissionContext context = new AdmissionContext(
                with.settings().admission(),
                objects,
                authorization,
                catalog,
                new StoredQuotas(objects, java.util.Objects.requireNonNull(catalog.find("", "v1", "resourcequotas"))),
                with.clock());
        return new Admission(
                AdmissionRules.of(context, others, this::namespace),
                with.monitoring().admission());
    }

    private Supplier<List<ObjectNode>> registered(String plural) {
        return new Registered<>(objects.store(), Keys.builtIn("admissionregistration.k8s.io", plural), object -> object)
                ::all;
    }

    /** Says what rules' own writes go through; to be called before the first request. */
    void use(Machinery machinery) {
        creation.set(new Creation(machinery));
    }

    private void namespace(String name) {
        ApiResource namespaces = catalog.find("", "v1", "namespaces");
        Creation by = creation.get();
        if (namespaces == null || by == null) {
            return;
        }
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.putObject("metadata").put("name", name);
        try {
            by.create(Intent.SERVER, namespaces, "", incoming.decode(Intent.SERVER, namespaces, namespace));
        } catch (StatusException e) {
            if (!e.reason().equals("AlreadyExists")) {
                throw e;
            }
        }
    }
}
