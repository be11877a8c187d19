package dev.kite.controllers.batch;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.base.Pods;
import dev.kite.model.batch.v1.CronJob;
import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.JobCondition;
import dev.kite.model.core.v1.Pod;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobLoopTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void job(String spec) {
        rig.put(
                Job.RESOURCE,
                "{'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'j','namespace':'ns'},'spec':{'backoffLimit':6,%s,'template':{'metadata':{'labels':{'job-name':'j'}},'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}"
                        .formatted(spec));
    }

    private Job job() {
        return rig.admin().resource(Job.RESOURCE).get("ns", "j");
    }

    private List<Pod> running() {
        return rig.all(Pod.RESOURCE).stream().filter(Pods::isActive).toList();
    }

    private boolean has(String type, String reason) {
        return job().status().conditions().stream()
                .anyMatch(c -> c.type().equals(type)
                        && c.status().equals("True")
                        && c.reason().equals(reason));
    }

    @Test
    @Behaviour("Controllers: Job")
    void jobCompletesWhenEnoughPodsSucceeded() {
        rig.run(new JobLoop());
        job("'parallelism':2,'completions':3");
        eventually("two", () -> running().size() == 2);
        assertThat(running()).allMatch(p -> p.metadata().finalizers().contains("batch.kubernetes.io/job-tracking"));
        running().forEach(p -> rig.finish(p, "Succeeded"));
        eventually("third", () -> running().size() == 1 && job().status().succeeded() == 2);
        rig.finish(running().getFirst(), "Succeeded");
        eventually("complete", () -> has("Complete", "CompletionsReached"));
        assertThat(job().status().succeeded()).isEqualTo(3);
        assertThat(job().status().completionTime()).isNotNull();
        assertThat(job().status().conditions())
                .extracting(JobCondition::type)
                .containsExactly("SuccessCriteriaMet", "Complete");
        eventually(
                "no finalizers",
                () -> rig.all(Pod.RESOURCE).stream()
                        .allMatch(p -> p.metadata().finalizers().isEmpty()));
        eventually("event", () -> rig.events("Completed").contains("Job completed"));
        assertThat(rig.all(Pod.RESOURCE)).hasSize(3);
    }

    @Test
    void jobFailsAtItsBackoffLimit() {
        rig.run(new JobLoop());
        job("'parallelism':1,'completions':1,'backoffLimit':0");
        eventually("one", () -> running().size() == 1);
        rig.finish(running().getFirst(), "Failed");
        eventually("failed", () -> has("Failed", "BackoffLimitExceeded"));
        assertThat(job().status().failed()).isEqualTo(1);
        eventually(
                "event",
                () -> rig.events("BackoffLimitExceeded").contains("Job has reached the specified backoff limit"));
    }

    @Test
    void failedPodIsReplacedAfterADelay() {
        rig.run(new JobLoop());
        job("'parallelism':1,'completions':1");
        eventually("one", () -> running().size() == 1);
        rig.finish(running().getFirst(), "Failed");
        eventually("counted", () -> job().status().failed() == 1);
        assertThat(running()).isEmpty();
        Pod failed = rig.all(Pod.RESOURCE).getFirst();
        JobPlan later = JobPlan.of(
                job(), List.of(failed), failed.metadata().creationTimestamp().plusSeconds(10));
        assertThat(later.create()).hasSize(1);
    }

    @Test
    void deadlineEndsTheJobAndItsPods() {
        rig.withKubelet().run(new JobLoop());
        job("'parallelism':1,'completions':1,'activeDeadlineSeconds':1");
        eventually("failed", () -> has("Failed", "DeadlineExceeded"));
        eventually("pods gone", () -> running().isEmpty());
    }

    @Test
    void suspendedJobHasNoPodsUntilItResumes() {
        rig.withKubelet().run(new JobLoop());
        job("'parallelism':2,'completions':2,'suspend':true");
        eventually("suspended", () -> has("Suspended", "JobSuspended"));
        assertThat(rig.all(Pod.RESOURCE)).isEmpty();
        rig.admin().resource(Job.RESOURCE).patch("ns", "j", new Patch.Merge("{\"spec\":{\"suspend\":false}}"), "");
        eventually("resumed", () -> running().size() == 2 && job().status().startTime() != null);
        rig.admin().resource(Job.RESOURCE).patch("ns", "j", new Patch.Merge("{\"spec\":{\"suspend\":true}}"), "");
        eventually("pods gone", () -> rig.all(Pod.RESOURCE).isEmpty());
        assertThat(job().status().failed()).isZero();
        assertThat(job().status().startTime()).isNull();
    }

    @Test
    void indexedJobRunsEachIndexOnce() {
        rig.run(new JobLoop());
        job("'parallelism':2,'completions':3,'completionMode':'Indexed'");
        eventually("two", () -> running().size() == 2);
        Pod first = running().stream()
                .filter(p -> JobCount.index(p) == 0)
                .findFirst()
                .orElseThrow();
        assertThat(first.metadata().name()).startsWith("j-0-");
        assertThat(first.spec().hostname()).isEqualTo("j-0");
        assertThat(first.spec().containers().getFirst().env().getFirst().name()).isEqualTo("JOB_COMPLETION_INDEX");
        rig.finish(first, "Succeeded");
        eventually("index 2", () -> running().stream().anyMatch(p -> JobCount.index(p) == 2));
        assertThat(job().status().completedIndexes()).isEqualTo("0");
        running().forEach(p -> rig.finish(p, "Succeeded"));
        eventually("complete", () -> has("Complete", "CompletionsReached"));
        assertThat(job().status().completedIndexes()).isEqualTo("0-2");
    }

    @Test
    void failurePolicyEndsTheJobAtOnce() {
        rig.run(new JobLoop());
        job(
                "'parallelism':1,'completions':1,'podFailurePolicy':{'rules':[{'action':'FailJob','onExitCodes':{'operator':'In','values':[42]}}]}");
        eventually("one", () -> running().size() == 1);
        Pod pod = running().getFirst();
        rig.admin()
                .resource(Pod.RESOURCE)
                .updateStatus(pod.toBuilder()
                        .status(s -> s.phase("Failed")
                                .addContainerStatuses(c -> c.name("c").state(t -> t.terminated(x -> x.exitCode(42)))))
                        .build());
        eventually("failed", () -> has("Failed", "PodFailurePolicy"));
        assertThat(job().status().conditions().getLast().message())
                .isEqualTo("Container c for pod " + pod.key()
                        + " failed with exit code 42 matching FailJob rule at index 0");
    }

    @Test
    void endedJobIsDeletedAfterItsTime() {
        rig.run(new JobLoop(), new TtlLoop());
        job("'parallelism':1,'completions':1,'ttlSecondsAfterFinished':0");
        eventually("one", () -> running().size() == 1);
        rig.finish(running().getFirst(), "Succeeded");
        eventually(
                "going",
                () -> rig.admin()
                        .resource(Job.RESOURCE)
                        .find("ns", "j")
                        .map(j -> j.metadata().hasDeletionTimestamp())
                        .orElse(true));
    }

    @Test
    void indexesAreWrittenAsRanges() {
        BitSet set = Indexes.parse("0-2,5,7-8,x,9999999999,3-1,20", 10);
        assertThat(Indexes.format(set)).isEqualTo("0-2,5,7,8");
        assertThat(Indexes.parse("", 10)).isEqualTo(new BitSet());
    }

    @Test
    @Behaviour("Controllers: CronJob")
    void cronJobStartsJobsAndTrimsHistory() {
        rig.run(new JobLoop(), new CronJobLoop());
        rig.put(
                CronJob.RESOURCE,
                "{'apiVersion':'batch/v1','kind':'CronJob','metadata':{'name':'c','namespace':'ns'},'spec':{'schedule':'@every 1s','concurrencyPolicy':'Forbid','successfulJobsHistoryLimit':1,'failedJobsHistoryLimit':1,'jobTemplate':{'spec':{'parallelism':1,'completions':1,'backoffLimit':0,'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c'}]}}}}}}");
        eventually("job", () -> rig.all(Job.RESOURCE).size() == 1 && running().size() == 1);
        assertThat(rig.all(Job.RESOURCE).getFirst().metadata().annotations())
                .containsKey("batch.kubernetes.io/cronjob-scheduled-timestamp");
        eventually(
                "active",
                () -> rig.all(CronJob.RESOURCE).getFirst().status().active().size() == 1);
        eventually("forbidden", () -> !rig.events("JobAlreadyActive").isEmpty());
        assertThat(rig.all(Job.RESOURCE)).hasSize(1);
        rig.finish(running().getFirst(), "Succeeded");
        eventually(
                "seen", () -> rig.events("SawCompletedJob").stream().anyMatch(m -> m.endsWith("condition: Complete")));
        eventually(
                "success noted",
                () -> rig.all(CronJob.RESOURCE).getFirst().status().lastSuccessfulTime() != null);
    }
}
