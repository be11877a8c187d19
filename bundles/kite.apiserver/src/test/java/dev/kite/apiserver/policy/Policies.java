package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;

/** Makes policies with bindings, and writes that they look at. */
final class Policies {
    static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
    static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String RULES =
            "matchConstraints: {resourceRules: [{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}]}";

    private final Api api;

    Policies(Api api) {
        this.api = api;
    }

    Answer policy(String name, String spec) {
        return api.post(
                GROUP + "validatingadmissionpolicies",
                "metadata: {name: " + name + "}\nspec: {" + RULES + ", " + spec + "}");
    }

    Answer binding(String name, String policy, String more) {
        return api.post(
                GROUP + "validatingadmissionpolicybindings",
                "metadata: {name: " + name + "}\nspec: {policyName: " + policy + more + "}");
    }

    /** A policy that denies, and its binding. */
    void bound(String name, String spec) {
        policy(name, spec).expect(201);
        binding(name + "-b", name, ", validationActions: [Deny]").expect(201);
    }

    Answer mutation(String name, String spec) {
        return api.post(
                GROUP + "mutatingadmissionpolicies",
                "metadata: {name: " + name + "}\nspec: {" + RULES + ", " + spec + "}");
    }

    void mutating(String name, String spec) {
        mutation(name, spec).expect(201);
        api.post(
                        GROUP + "mutatingadmissionpolicybindings",
                        "metadata: {name: " + name + "-b}\nspec: {policyName: " + name + "}")
                .expect(201);
    }

    Answer map(String name, String data) {
        return api.post(MAPS, "metadata: {name: " + name + "}\ndata: {" + data + "}");
    }

    static String quoted(String text) {
        return MAPPER.valueToTree(text).toString();
    }
}
