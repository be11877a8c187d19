package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;

/** What makes pods. Stateless. */
final class WorkloadDefaults {
    private WorkloadDefaults() {}

    static void deployment(ObjectNode deployment) {
        Fill.in(deployment, "spec", spec -> {
            Fill.number(spec, "replicas", 1);
            Fill.number(spec, "revisionHistoryLimit", 10);
            Fill.number(spec, "progressDeadlineSeconds", 600);
            Fill.in(spec, "strategy", strategy -> {
                Fill.text(strategy, "type", "RollingUpdate");
                if (Tree.text(strategy, "type").equals("RollingUpdate")) {
                    Fill.in(strategy, "rollingUpdate", rolling -> {
                        Fill.pointer(rolling, "maxUnavailable", "25%");
                        Fill.pointer(rolling, "maxSurge", "25%");
                    });
                }
            });
            Fill.in(spec, "template", PodDefaults::template);
        });
    }

    static void replicaSet(ObjectNode set) {
        Fill.in(set, "spec", spec -> {
            Fill.number(spec, "replicas", 1);
            Fill.in(spec, "template", PodDefaults::template);
        });
    }

    static void replicationController(ObjectNode controller) {
        Fill.in(controller, "spec", spec -> {
            JsonNode labels = Tree.at(spec, "template", "metadata", "labels");
            if (labels.isObject() && !labels.isEmpty()) {
                if (Tree.at(spec, "selector").isEmpty()
                        && !Tree.at(spec, "selector").isValueNode()) {
                    spec.set("selector", labels.deepCopy());
                }
                copyLabels(controller, labels);
            }
            Fill.number(spec, "replicas", 1);
            Fill.at(spec, PodDefaults::template, "template");
        });
    }

    static void statefulSet(ObjectNode set) {
        Fill.in(set, "spec", spec -> {
            Fill.text(spec, "podManagementPolicy", "OrderedReady");
            Fill.number(spec, "replicas", 1);
            Fill.number(spec, "revisionHistoryLimit", 10);
            Fill.in(spec, "updateStrategy", strategy -> {
                Fill.text(strategy, "type", "RollingUpdate");
                if (Tree.text(strategy, "type").equals("RollingUpdate")) {
                    Fill.in(strategy, "rollingUpdate", rolling -> Fill.number(rolling, "partition", 0));
                }
            });
            Fill.in(spec, "persistentVolumeClaimRetentionPolicy", policy -> {
                Fill.text(policy, "whenDeleted", "Retain");
                Fill.text(policy, "whenScaled", "Retain");
            });
            Fill.in(spec, "template", PodDefaults::template);
            Fill.each(
                    spec,
                    claim -> {
                        Fill.text(claim, "apiVersion", "v1");
                        Fill.text(claim, "kind", "PersistentVolumeClaim");
                        VolumeDefaults.claim(claim);
                    },
                    "volumeClaimTemplates");
        });
    }

    static void daemonSet(ObjectNode set) {
        Fill.in(set, "spec", spec -> {
            Fill.number(spec, "revisionHistoryLimit", 10);
            Fill.in(spec, "updateStrategy", strategy -> {
                Fill.text(strategy, "type", "RollingUpdate");
                if (Tree.text(strategy, "type").equals("RollingUpdate")) {
                    Fill.in(strategy, "rollingUpdate", rolling -> {
                        Fill.number(rolling, "maxUnavailable", 1);
                        Fill.number(rolling, "maxSurge", 0);
                    });
                }
            });
            Fill.in(spec, "template", PodDefaults::template);
        });
    }

    static void job(ObjectNode job) {
        Fill.in(job, "spec", spec -> {
            if (Fill.absent(spec, "completions") && Fill.absent(spec, "parallelism")) {
                spec.put("completions", 1);
            }
            Fill.number(spec, "parallelism", 1);
            Fill.number(spec, "backoffLimit", Fill.absent(spec, "backoffLimitPerIndex") ? 6 : Integer.MAX_VALUE);
            Fill.pointer(spec, "completionMode", "NonIndexed");
            Fill.flag(spec, "suspend", false);
            Fill.flag(spec, "manualSelector", false);
            Fill.pointer(
                    spec,
                    "podReplacementPolicy",
                    Fill.absent(spec, "podFailurePolicy") ? "TerminatingOrFailed" : "Failed");
            Fill.each(spec, WorkloadDefaults::podFailureRule, "podFailurePolicy", "rules");
            copyLabels(job, Tree.at(spec, "template", "metadata", "labels"));
            Fill.in(spec, "template", PodDefaults::template);
        });
    }

    private static void podFailureRule(ObjectNode rule) {
        Fill.each(rule, pattern -> Fill.text(pattern, "status", "True"), "onPodConditions");
    }

    /** Labels an object that has no labels as its pods are labelled. */
    static void copyLabels(ObjectNode object, JsonNode labels) {
        if (labels.isObject() && !labels.isEmpty()) {
            Fill.in(object, "metadata", metadata -> {
                if (Fill.absent(metadata, "labels")
                        || (metadata.path("labels").isObject()
                                && metadata.path("labels").isEmpty())) {
                    metadata.set("labels", labels.deepCopy());
                }
            });
        }
    }

    static void cronJob(ObjectNode cronJob) {
        Fill.in(cronJob, "spec", spec -> {
            Fill.text(spec, "concurrencyPolicy", "Allow");
            Fill.flag(spec, "suspend", false);
            Fill.number(spec, "successfulJobsHistoryLimit", 3);
            Fill.number(spec, "failedJobsHistoryLimit", 1);
            Fill.in(
                    spec,
                    "jobTemplate",
                    job -> Fill.in(job, "spec", jobSpec -> {
                        Fill.each(jobSpec, WorkloadDefaults::podFailureRule, "podFailurePolicy", "rules");
                        Fill.in(jobSpec, "template", PodDefaults::template);
                    }));
        });
    }

    static void podTemplate(ObjectNode object) {
        Fill.in(object, "template", PodDefaults::template);
    }
}
