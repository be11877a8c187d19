package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** Jobs and cron jobs. Stateless. */
final class JobChecks {
    private static final List<String> NAMED =
            List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final String MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec";
    private static final String DAYS = "sun mon tue wed thu fri sat";

    private JobChecks() {}

    static void job(At job) {
        At spec = job.field("spec");
        At selector = spec.field("selector");
        if (selector.absent()) {
            selector.required("");
        } else {
            Selectors.labelSelector(selector);
        }
        generated(job, spec);
        jobSpec(spec);
        JsonNode labels = spec.field("template", "metadata", "labels").node();
        if (selector.present() && !Selectors.matches(selector.node(), labels)) {
            spec.field("template", "metadata", "labels").invalid("`selector` does not match template `labels`");
        }
    }

    /** Labels that tell whose pods these are belong to the job alone, unless its owner selects by hand. */
    private static void generated(At job, At spec) {
        if (spec.field("manualSelector").flag()) {
            return;
        }
        String uid = job.field("metadata", "uid").text();
        At labels = spec.field("template", "metadata", "labels");
        for (String key : List.of("controller-uid", "batch.kubernetes.io/controller-uid")) {
            At label = labels.key(key);
            if (label.present() && !label.text().equals(uid)) {
                label.invalid("must be '" + uid + "'");
            }
        }
    }

    private static void jobSpec(At spec) {
        for (String number : List.of(
                "parallelism",
                "completions",
                "activeDeadlineSeconds",
                "backoffLimit",
                "ttlSecondsAfterFinished",
                "backoffLimitPerIndex",
                "maxFailedIndexes")) {
            spec.field(number).nonNegative();
        }
        At mode = spec.field("completionMode");
        mode.oneOf("Indexed", "NonIndexed");
        if (mode.text().equals("Indexed")) {
            if (spec.field("completions").absent()) {
                spec.field("completions").required("when completion mode is Indexed");
            }
            if (spec.field("parallelism").number() > 100_000) {
                spec.field("parallelism")
                        .invalid("must be less than or equal to 100000 when completion mode is Indexed");
            }
        }
        spec.field("podReplacementPolicy").oneOf("Failed", "TerminatingOrFailed");
        PodChecks.template(spec.field("template"));
        At policy = spec.field("template", "spec", "restartPolicy");
        if (!List.of("OnFailure", "Never").contains(policy.text())) {
            policy.required("valid values: \"OnFailure\", \"Never\"");
        }
        At failure = spec.field("podFailurePolicy");
        if (failure.present() && !policy.text().equals("Never")) {
            policy.invalid("only \"Never\" is supported when podFailurePolicy is specified");
        }
        for (At rule : failure.field("rules").items()) {
            rule.field("action").neededOneOf("Count", "FailIndex", "FailJob", "Ignore");
        }
    }

    static void jobUpdate(At job, At old) {
        At spec = job.field("spec");
        At before = old.field("spec");
        boolean elastic = spec.field("completionMode").text().equals("Indexed")
                && spec.field("completions").number()
                        == spec.field("parallelism").number()
                && before.field("completionMode").text().equals("Indexed");
        if (!elastic) {
            spec.field("completions").immutable(before.field("completions"));
        }
        spec.field("selector").immutable(before.field("selector"));
        boolean neverStarted = before.field("suspend").flag()
                && old.field("status", "startTime").absent();
        At template = spec.field("template");
        if (neverStarted) {
            if (!At.equal(
                    undirected(template.node()),
                    undirected(before.field("template").node()))) {
                template.invalid(At.IMMUTABLE);
            }
        } else {
            template.immutable(before.field("template"));
        }
        for (String field :
                List.of("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")) {
            spec.field(field).immutable(before.field(field));
        }
    }

    /** A template without what directs its pods to nodes, which may change until the job starts. */
    private static JsonNode undirected(JsonNode template) {
        JsonNode copy = template.deepCopy();
        ObjectNode spec = Tree.object(copy, "spec");
        if (spec != null) {
            spec.remove(List.of("affinity", "nodeSelector", "tolerations", "schedulingGates"));
        }
        ObjectNode metadata = Tree.object(copy, "metadata");
        if (metadata != null) {
            metadata.remove(List.of("labels", "annotations"));
        }
        return copy;
    }

    static void cronJob(At cronJob) {
        At spec = cronJob.field("spec");
        At schedule = spec.field("schedule");
        if (schedule.needed()) {
            if (schedule.text().contains("TZ")) {
                schedule.invalid("cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            } else if (!schedule(schedule.text())) {
                schedule.invalid("must be five fields of a cron schedule or a name such as @daily");
            }
        }
        At zone = spec.field("timeZone");
        if (zone.present()) {
            zone(zone);
        }
        spec.field("startingDeadlineSeconds").nonNegative();
        spec.field("concurrencyPolicy").neededOneOf("Allow", "Forbid", "Replace");
        spec.field("successfulJobsHistoryLimit").nonNegative();
        spec.field("failedJobsHistoryLimit").nonNegative();
        At template = spec.field("jobTemplate");
        MetaChecks.labels(template.field("metadata", "labels"));
        MetaChecks.annotations(template.field("metadata", "annotations"));
        jobSpec(template.field("spec"));
        if (template.field("spec", "manualSelector").flag()) {
            template.field("spec", "manualSelector").unsupported("nil", "false");
        }
        At name = cronJob.field("metadata", "name");
        // Names of its jobs get 11 characters more, and must still be labels' values.
        if (name.text().length() > 52) {
            name.invalid("must be no more than 52 characters");
        }
    }

    private static void zone(At zone) {
        if (zone.empty()) {
            zone.invalid("timeZone must be nil or non-empty string");
        } else if (zone.text().equalsIgnoreCase("Local")) {
            zone.invalid("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        } else {
            try {
                ZoneId.of(zone.text());
            } catch (DateTimeException e) {
                zone.invalid("unknown time zone " + zone.text());
            }
        }
    }

    /** Whether a text is a schedule: five fields of numbers, names, ranges, steps and lists, or a name with an at sign. */
    static boolean schedule(String text) {
        if (text.startsWith("@every ")) {
            return text.substring(7).matches("(\\d+(\\.\\d+)?(h|m|s|ms|us|ns))+");
        }
        if (text.startsWith("@")) {
            return NAMED.contains(text);
        }
        String[] fields = text.strip().split("\\s+");
        return fields.length == 5
                && field(fields[0], 0, 59, "")
                && field(fields[1], 0, 23, "")
                && field(fields[2], 1, 31, "")
                && field(fields[3], 1, 12, MONTHS)
                && field(fields[4], 0, 7, DAYS);
    }

    private static boolean field(String text, int low, int high, String names) {
        for (String part : text.split(",", -1)) {
            String[] step = part.split("/", -1);
            if (step.length > 2 || (step.length == 2 && !step[1].matches("[1-9]\\d{0,3}"))) {
                return false;
            }
            if (step[0].equals("*") || step[0].equals("?")) {
                continue;
            }
            String[] ends = step[0].split("-", -1);
            if (ends.length > 2) {
                return false;
            }
            int last = low;
            for (String end : ends) {
                int value = value(end, low, names);
                if (value < last || value > high) {
                    return false;
                }
                last = value;
            }
        }
        return true;
    }

    private static int value(String text, int low, String names) {
        if (text.matches("\\d{1,4}")) {
            return Integer.parseInt(text);
        }
        int index = names.isEmpty() ? -1 : List.of(names.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
        return index < 0 ? -1 : index + low;
    }
}
