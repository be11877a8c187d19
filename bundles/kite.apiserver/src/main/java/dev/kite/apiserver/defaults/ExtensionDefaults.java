package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Locale;

/** Webhooks, admission policies, custom kinds, aggregated servers, fairness. Stateless. */
final class ExtensionDefaults {
    private ExtensionDefaults() {}

    static void validatingWebhooks(ObjectNode configuration) {
        Fill.each(configuration, ExtensionDefaults::webhook, "webhooks");
    }

    static void mutatingWebhooks(ObjectNode configuration) {
        Fill.each(
                configuration,
                webhook -> {
                    webhook(webhook);
                    Fill.pointer(webhook, "reinvocationPolicy", "Never");
                },
                "webhooks");
    }

    private static void webhook(ObjectNode webhook) {
        Fill.pointer(webhook, "failurePolicy", "Fail");
        Fill.number(webhook, "timeoutSeconds", 10);
        Fill.at(webhook, service -> Fill.number(service, "port", 443), "clientConfig", "service");
        matching(webhook, "rules");
    }

    private static void matching(ObjectNode match, String... rules) {
        Fill.pointer(match, "matchPolicy", "Equivalent");
        Fill.object(match, "namespaceSelector");
        Fill.object(match, "objectSelector");
        for (String list : rules) {
            Fill.each(match, rule -> Fill.pointer(rule, "scope", "*"), list);
        }
    }

    static void admissionPolicy(ObjectNode policy) {
        Fill.in(policy, "spec", spec -> {
            Fill.pointer(spec, "failurePolicy", "Fail");
            Fill.at(spec, match -> matching(match, "resourceRules", "excludeResourceRules"), "matchConstraints");
        });
    }

    static void admissionBinding(ObjectNode binding) {
        Fill.at(binding, match -> matching(match, "resourceRules", "excludeResourceRules"), "spec", "matchResources");
    }

    static void customResourceDefinition(ObjectNode definition) {
        Fill.in(definition, "spec", spec -> {
            Fill.at(spec, ExtensionDefaults::names, "names");
            Fill.in(spec, "conversion", conversion -> {
                Fill.text(conversion, "strategy", "None");
                Fill.at(conversion, service -> Fill.number(service, "port", 443), "webhook", "clientConfig", "service");
            });
        });
    }

    private static void names(ObjectNode names) {
        String kind = Tree.text(names, "kind");
        if (!kind.isEmpty()) {
            Fill.text(names, "singular", kind.toLowerCase(Locale.ROOT));
            Fill.text(names, "listKind", kind + "List");
        }
    }

    static void apiService(ObjectNode service) {
        Fill.at(service, found -> Fill.number(found, "port", 443), "spec", "service");
    }

    static void flowSchema(ObjectNode schema) {
        Fill.in(schema, "spec", spec -> Fill.nonZero(spec, "matchingPrecedence", 1000));
    }

    static void priorityLevel(ObjectNode level) {
        Fill.in(level, "spec", spec -> {
            if (Tree.text(spec, "type").equals("Exempt")) {
                Fill.in(spec, "exempt", exempt -> {
                    Fill.number(exempt, "nominalConcurrencyShares", 0);
                    Fill.number(exempt, "lendablePercent", 0);
                });
            }
            Fill.at(spec, ExtensionDefaults::limited, "limited");
        });
    }

    private static void limited(ObjectNode limited) {
        Fill.number(limited, "nominalConcurrencyShares", 30);
        Fill.number(limited, "lendablePercent", 0);
        Fill.at(
                limited,
                queuing -> {
                    Fill.nonZero(queuing, "queues", 64);
                    Fill.nonZero(queuing, "handSize", 8);
                    Fill.nonZero(queuing, "queueLengthLimit", 50);
                },
                "limitResponse",
                "queuing");
    }
}
