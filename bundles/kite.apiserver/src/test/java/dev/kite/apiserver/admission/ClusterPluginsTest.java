package dev.kite.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plugins for certificates, owners, namespaces, claims and pods, rule by rule. */
class ClusterPluginsTest {
    private static final UserInfo ANN = UserInfo.of("ann", "devs");
    private static final UserInfo NODE = UserInfo.of("system:node:n1", "system:nodes");
    private static final String MASTERS =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIak1JR0pBZ0VBTUNjeEZ6QVZCZ05WQkFvTURuTj"
                    + "VjM1JsYlRwdFlYTjBaWEp6TVF3d0NnWURWUVFEREFOaApibTR3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3"
                    + "TkNBQVNDOHFaSDJvcnpFcm01YXpmM3kyQnAreFN2Ck5WbjhlT0JseEREUThleWZrNFNBV2VlckxDc1lzVkUrR0F1dU"
                    + "hXbjFGYTgwUTljWXRIRHZ6QUFvRXVRaG9BQXcKQ2dZSUtvWkl6ajBFQXdJRFNRQXdSZ0loQUtoMUtheWdPU0dEUUEx"
                    + "cERacTRLQWdad2wzWVM5Mm5xMTNtSXg4WQpkZ3pUQWlFQWhHL2lyUWdscDNkYnZsVlc1Qm0wdUIvRTV4RDR3YWtDSl"
                    + "JEWFBHRU9ma0k9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";
    private static final String DEVS =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWE1IOENBUUF3SFRFTk1Bc0dBMVVFQ2d3RVpHVj"
                    + "JjekVNTUFvR0ExVUVBd3dEWVc1dU1Ga3dFd1lIS29aSQp6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUVHOVJmbnU4d2hS"
                    + "YnYrb0NkVENINmVkTkpMZHdaZ3EveXpiTzNHRk5WCkFXc0hLaVd0RkhVL3FaUVlaKzJpYmxsZFZ1cnJYYnNPZnpnem"
                    + "ZLUnBLTnNYS0tBQU1Bb0dDQ3FHU000OUJBTUMKQTBnQU1FVUNJUUNqM3lkZDdpZFUrQklLSFRGWjFIV0h1ejUzQ3E3"
                    + "YXp2bnJXV0pLTkVYaHRRSWdjODlaWWRtTwpWeUtzUWlsZkVLSEVielhmYkF0ZEVCek5nT2hYTjBXanpnVT0KLS0tLS"
                    + "1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==";
    private static final String NODES =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIc01JR1NBZ0VBTURBeEZUQVRCZ05WQkFvTURITj"
                    + "VjM1JsYlRwdWIyUmxjekVYTUJVR0ExVUVBd3dPYzNsegpkR1Z0T201dlpHVTZiakV3V1RBVEJnY3Foa2pPUFFJQkJn"
                    + "Z3Foa2pPUFFNQkJ3TkNBQVJQR2E1Q21xbjBBQzlmCjkzK2VmS1F4ZkE2OVFRdWpXVDVOajFjaWF6NS9zQ0M4KzdjVF"
                    + "g3T1Rlam5hQlV6TGYweWF0NzAxMG5pa1dtMXUKWlRyTkNvRjZvQUF3Q2dZSUtvWkl6ajBFQXdJRFNRQXdSZ0loQU5H"
                    + "a0RZcE8yM1N6bVhxWHVvNVp1bjMybmJiOApjS2YyaktyUEhMY2R1aFJGQWlFQW9xYlUzeWVuVGhsMGNHWGxMTEVZTD"
                    + "dCZjJ3OEJNZWx6RG9kT0VsZE9nVXM9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";

    private final Map<String, ObjectNode> objects = new HashMap<>();
    private final Set<String> allowed = new HashSet<>();

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Lookups lookups() {
        return new Lookups() {
            @Override
            public @Nullable ObjectNode find(String group, String plural, String in, String name) {
                return objects.get(plural + "/" + in + "/" + name);
            }

            @Override
            public List<ObjectNode> list(String group, String plural, String in) {
                return List.of();
            }
        };
    }

    private Authorization authorization() {
        return new Authorization() {
            @Override
            public Decision authorize(Attributes asked) {
                String what = asked.verb() + " " + asked.resource() + "/" + asked.subresource() + " " + asked.name();
                return allowed.contains(what)
                        ? new Decision(Verdict.ALLOW, "")
                        : new Decision(Verdict.NO_OPINION, "no");
            }

            @Override
            public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
                return List.of();
            }

            @Override
            public List<PolicyRule> uncovered(UserInfo user, String namespace, List<PolicyRule> rules) {
                return List.of();
            }
        };
    }

    private static ApiResource resource(String group, String plural) {
        return BuiltIns.resources(Set.of()).stream()
                .filter(one -> one.is(group, plural) && one.version().equals("v1"))
                .findFirst()
                .orElseThrow();
    }

    private static Admitting write(
            UserInfo user,
            Operation operation,
            ApiResource resource,
            String below,
            @Nullable String object,
            @Nullable String old) {
        Intent intent = new Intent(user, false, "me", Intent.SERVER.fieldValidation(), false, _ -> {});
        return new Admitting(
                intent,
                operation,
                resource,
                below,
                resource.namespaced() ? "ns" : "",
                "x",
                object == null ? null : yaml(object),
                old == null ? null : yaml(old));
    }

    private static void refused(AdmissionRule rule, Admitting write, String message) {
        assertThatThrownBy(() -> {
                    rule.admit(write);
                    rule.validate(write);
                })
                .isInstanceOf(StatusException.class)
                .hasMessageEndingWith(message);
    }

    private static void passes(AdmissionRule rule, Admitting write) {
        assertThatCode(() -> {
                    rule.admit(write);
                    rule.validate(write);
                })
                .doesNotThrowAnyException();
    }

    private static Admitting request(String below, String object, @Nullable String old) {
        return write(
                ANN,
                old == null ? Operation.CREATE : Operation.UPDATE,
                resource("certificates.k8s.io", "certificatesigningrequests"),
                below,
                object,
                old);
    }

    @Test
    void whoApprovesMayDoSoForTheSignerOrItsDomain() {
        CertificateApproval rule = new CertificateApproval(authorization());
        Admitting approval = request("approval", "{}", "{spec: {signerName: example.com/s}}");
        refused(rule, approval, "user not permitted to approve requests with signerName \"example.com/s\"");
        allowed.add("approve signers/ example.com/*");
        passes(rule, approval);
        allowed.clear();
        allowed.add("approve signers/ example.com/s");
        passes(rule, approval);
    }

    @Test
    void whoSignsMayDoSoForTheSigner() {
        CertificateSigning rule = new CertificateSigning(authorization());
        String old = "{spec: {signerName: example.com/s}}";
        refused(
                rule,
                request("status", "{status: {certificate: QQ==}}", old),
                "user not permitted to sign requests with signerName \"example.com/s\"");
        passes(rule, request("status", "{metadata: {labels: {a: b}}}", old));
        allowed.add("sign signers/ example.com/s");
        passes(rule, request("status", "{status: {certificate: QQ==}}", old));
    }

    @Test
    void clientsOfTheApiServerDoNotBecomeMasters() {
        CertificateSubjectRestriction rule = new CertificateSubjectRestriction();
        String spec = "{spec: {signerName: kubernetes.io/kube-apiserver-client, request: %s}}";
        refused(
                rule,
                request("", spec.formatted(MASTERS), null),
                "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
        passes(rule, request("", spec.formatted(DEVS), null));
        passes(rule, request("", "{spec: {signerName: other.io/s, request: " + MASTERS + "}}", null));
    }

    @Test
    void aKubeletAsksForItsOwnCertificateOnly() {
        NodeRestriction rule = new NodeRestriction(lookups(), authorization());
        ApiResource requests = resource("certificates.k8s.io", "certificatesigningrequests");
        String spec = "{spec: {signerName: kubernetes.io/kube-apiserver-client-kubelet, request: %s}}";
        passes(rule, write(NODE, Operation.CREATE, requests, "", spec.formatted(NODES), null));
        refused(
                rule,
                write(NODE, Operation.CREATE, requests, "", spec.formatted(DEVS), null),
                "can only create a node CSR with CN=system:node:n1");
    }

    @Test
    void aKubeletsTokensAreThoseOfItsPodsForAudiencesThatTheirVolumesName() {
        NodeRestriction rule = new NodeRestriction(lookups(), authorization());
        ApiResource accounts = resource("", "serviceaccounts");
        objects.put(
                "pods/ns/p",
                yaml(
                        "{metadata: {name: p, namespace: ns, uid: u}, spec: {nodeName: n1, volumes: [{projected: {sources: [{serviceAccountToken: {audience: vault}}]}}, {name: c, persistentVolumeClaim: {claimName: c}}]}}"));
        String bound = "boundObjectRef: {apiVersion: v1, kind: Pod, name: p, uid: u}";
        passes(
                rule,
                write(NODE, Operation.CREATE, accounts, "token", "{spec: {audiences: [vault], " + bound + "}}", null));
        Admitting other =
                write(NODE, Operation.CREATE, accounts, "token", "{spec: {audiences: [csi], " + bound + "}}", null);
        refused(
                rule,
                other,
                "audience \"csi\" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience");
        objects.put("persistentvolumeclaims/ns/c", yaml("{spec: {volumeName: v}}"));
        objects.put("persistentvolumes//v", yaml("{spec: {csi: {driver: d}}}"));
        objects.put("csidrivers//d", yaml("{spec: {tokenRequests: [{audience: csi}]}}"));
        passes(rule, other);
        objects.clear();
        refused(rule, other, "pods \"p\" not found");
    }

    @Test
    void aNodeUserWithoutANameWritesNothing() {
        NodeRestriction rule = new NodeRestriction(lookups(), authorization());
        refused(
                rule,
                write(
                        UserInfo.of("system:node:", "system:nodes"),
                        Operation.CREATE,
                        resource("", "configmaps"),
                        "",
                        "{}",
                        null),
                "could not determine node from user \"system:node:\"");
    }

    @Test
    void whoSetsAnOwnerMayDeleteAndWhoHoldsItMayFinalizeIt() {
        OwnerReferences rule = new OwnerReferences(authorization(), new ResourceCatalog(BuiltIns.resources(Set.of())));
        ApiResource maps = resource("", "configmaps");
        String owned =
                "{metadata: {ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d, uid: u, blockOwnerDeletion: %s}]}}";
        String free = "{metadata: {}}";
        refused(
                rule,
                write(ANN, Operation.UPDATE, maps, "", owned.formatted("false"), free),
                "cannot set an ownerRef on a resource you can't delete: no, <nil>");
        allowed.add("delete configmaps/ x");
        passes(rule, write(ANN, Operation.UPDATE, maps, "", owned.formatted("false"), free));
        refused(
                rule,
                write(ANN, Operation.CREATE, maps, "", owned.formatted("true"), null),
                "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: no, <nil>");
        allowed.add("update deployments/finalizers d");
        passes(rule, write(ANN, Operation.CREATE, maps, "", owned.formatted("true"), null));
    }

    @Test
    void namespacesMustBeThereOrAreMade() {
        NamespaceExists exists = new NamespaceExists(lookups());
        Admitting map = write(ANN, Operation.CREATE, resource("", "configmaps"), "", "{}", null);
        refused(exists, map, "namespaces \"ns\" not found");
        List<String> made = new ArrayList<>();
        AutoProvision provision = new AutoProvision(lookups(), made::add);
        passes(provision, map);
        assertThat(made).containsExactly("ns");
        objects.put("namespaces//ns", yaml("{metadata: {name: ns}}"));
        passes(exists, map);
        passes(provision, map);
        assertThat(made).hasSize(1);
    }

    @Test
    void claimsGrowWhereTheirClassAllowsIt() {
        VolumeResize rule = new VolumeResize(lookups());
        String claim = "{spec: {storageClassName: fast, resources: {requests: {storage: %s}}}, status: {phase: %s}}";
        ApiResource claims = resource("", "persistentvolumeclaims");
        Admitting grow = write(
                ANN, Operation.UPDATE, claims, "", claim.formatted("2Gi", "Bound"), claim.formatted("1Gi", "Bound"));
        refused(
                rule,
                grow,
                "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
        objects.put("storageclasses//fast", yaml("{allowVolumeExpansion: true}"));
        passes(rule, grow);
        refused(
                rule,
                write(
                        ANN,
                        Operation.UPDATE,
                        claims,
                        "",
                        claim.formatted("2Gi", "Pending"),
                        claim.formatted("1Gi", "Pending")),
                "Only bound persistent volume claims can be expanded");
    }

    @Test
    void podsAreResizedWithinTheirNode() {
        PodResize rule = new PodResize(lookups());
        String pod =
                "{metadata: {generation: %d}, spec: {nodeName: n1, containers: [{name: c, resources: {requests: {cpu: %s}}}]}}";
        ApiResource pods = resource("", "pods");
        Admitting more = write(ANN, Operation.UPDATE, pods, "resize", pod.formatted(2, "3"), pod.formatted(1, "1"));
        objects.put(
                "nodes//n1", yaml("{metadata: {labels: {kubernetes.io/os: linux}}, status: {allocatable: {cpu: 2}}}"));
        refused(rule, more, "node didn't have enough allocatable resources: cpu, requested: 3000, allocatable: 2000");
        passes(rule, write(ANN, Operation.UPDATE, pods, "resize", pod.formatted(2, "2"), pod.formatted(1, "1")));
        objects.put("nodes//n1", yaml("{metadata: {labels: {kubernetes.io/os: windows}}}"));
        refused(rule, more, "pod resize is only supported on linux nodes, node \"n1\" is \"windows\"");
    }

    @Test
    void podsGetTheirNodesZoneWhenTheyAreBound() {
        PodTopologyLabels rule = new PodTopologyLabels(lookups());
        objects.put(
                "nodes//n1",
                yaml(
                        "{metadata: {labels: {topology.kubernetes.io/zone: z, topology.kubernetes.io/region: r, other: o}}}"));
        Admitting binding =
                write(ANN, Operation.CREATE, resource("", "pods"), "binding", "{target: {kind: Node, name: n1}}", null);
        passes(rule, binding);
        assertThat(binding.object().at("/metadata/labels"))
                .hasToString("{\"topology.kubernetes.io/zone\":\"z\",\"topology.kubernetes.io/region\":\"r\"}");
    }
}
