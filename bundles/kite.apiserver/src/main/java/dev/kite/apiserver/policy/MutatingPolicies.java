package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.admission.Rounds;
import dev.kite.apiserver.policy.Evaluation.OutOfBudgetException;
import dev.kite.apiserver.policy.Evaluation.Outcome;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Seen;
import dev.kite.cel.CelBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the MutatingAdmissionPolicies that are bound change a write, one after the other in order of names, each seeing what the one before made; a second time those
 * that ask for it.
 */
public final class MutatingPolicies implements AdmissionRule {
    private final PolicyContext with;
    private final Patching patching;
    private final PolicySource<Mutations> source;

    /**
     * The rule.
     *
     * @param with what it works with
     */
    public MutatingPolicies(PolicyContext with) {
        this.with = with;
        this.patching = new Patching(with.forms());
        this.source = new PolicySource<>(
                with.store(),
                "mutatingadmissionpolicies",
                "mutatingadmissionpolicybindings",
                policy -> Mutations.of(with.compiler(), policy));
    }

    @Override
    public String name() {
        return "MutatingAdmissionPolicy";
    }

    /** A policy that is asked with one parameter, of the kind in which it sees the write. */
    private record Invocation(Policy<Mutations> policy, String binding, ApiResource as, JsonNode param) {
        String id() {
            return policy.name() + "/" + binding + "/" + Tree.text(param, "metadata", "namespace") + "/"
                    + Tree.text(param, "metadata", "name");
        }
    }

    @Override
    public void admit(Admitting write) {
        if (write.operation() == Operation.DELETE || PolicyContext.passesBy(write)) {
            return;
        }
        List<PolicySource.Bound<Mutations>> bound = source.bound();
        if (bound.isEmpty()) {
            return;
        }
        Asking asking = new Asking(write);
        List<Invocation> invocations = new ArrayList<>();
        bound.forEach(one -> asking.collect(one, invocations));
        if (!invocations.isEmpty()) {
            asking.invoke(invocations);
        }
        asking.finish();
    }

    /** One write on its way through the policies. */
    private final class Asking {
        private final Admitting write;
        private final RequestAuthorizer authorizer;
        private final Budgets budgets = new Budgets();
        private final List<Cause> errors = new ArrayList<>();

        Asking(Admitting write) {
            this.write = write;
            this.authorizer = with.authorizer(write);
        }

        void collect(PolicySource.Bound<Mutations> bound, List<Invocation> into) {
            Policy<Mutations> policy = bound.policy();
            ApiResource as = with.matches(policy, write);
            if (as == null) {
                return;
            }
            ApiResource params;
            try {
                params = with.paramResource(policy);
            } catch (ConfigurationException e) {
                error(policy, "", "failed to configure policy: " + e.words(), "");
                return;
            }
            for (ObjectNode binding : bound.bindings()) {
                if (!with.bound(binding, write)) {
                    continue;
                }
                String name = Tree.text(binding, "metadata", "name");
                try {
                    with.params(params, binding, write)
                            .forEach(param -> into.add(new Invocation(policy, name, as, param)));
                } catch (ConfigurationException e) {
                    error(policy, name, "failed to configure binding: " + e.words(), "");
                }
            }
        }

        private void error(Policy<Mutations> policy, String binding, String why, String reason) {
            if (!policy.ignorable()) {
                String subject = binding.isEmpty()
                        ? "policy \"" + policy.name() + "\""
                        : "policy '" + policy.name() + "' with binding '" + binding + "'";
                errors.add(new Cause(reason, subject + " denied request: " + why, ""));
            }
        }

        void invoke(List<Invocation> invocations) {
            ObjectNode namespace = Inputs.namespace(write, with.lookups());
            Rounds.Asked asked = write.rounds().of(name());
            asked.begin(write.object(), write.rounds().second());
            boolean any = false;
            for (Invocation invocation : invocations) {
                if (budgets.late()) {
                    error(invocation.policy(), invocation.binding(), "operation interrupted", "Invalid");
                    break;
                }
                any |= invoke(invocation, namespace, asked);
            }
            if (any) {
                // As upstream: that one was asked is enough for those that want to be asked again.
                asked.changed();
                write.rounds().want();
            }
            asked.end(write.object());
        }

        /** Whether a change was made, be it none at all. */
        private boolean invoke(Invocation invocation, @Nullable ObjectNode namespace, Rounds.Asked asked) {
            Mutations mutations = invocation.policy().compiled();
            Seen seen = Seen.of(write, invocation.as(), with.forms());
            CelBudget forConditions = budgets.conditions();
            MatchConditions.Verdict verdict = mutations
                    .conditions()
                    .match(
                            mutations.variables().bind(inputs(invocation, seen, namespace), forConditions),
                            forConditions);
            if (verdict.failed()) {
                error(invocation.policy(), invocation.binding(), verdict.error(), "Invalid");
                return false;
            }
            if (!verdict.matches() || (write.rounds().second() && !asked.askAgain(invocation.id()))) {
                return false;
            }
            boolean any = false;
            boolean changed = false;
            for (Mutations.Mutation mutation : mutations.mutations()) {
                ObjectNode object = seen.object();
                if (object == null) {
                    break;
                }
                try {
                    CelBudget budget = budgets.expressions();
                    Map<String, Object> bindings =
                            mutations.variables().bind(inputs(invocation, seen, namespace), budget);
                    changed |= mutate(mutation, bindings, budget, seen, object);
                    any = true;
                    seen = Seen.of(write, invocation.as(), with.forms());
                } catch (MutationException e) {
                    error(invocation.policy(), invocation.binding(), e.words(), "Invalid");
                }
            }
            if (changed) {
                asked.changed();
            }
            if (mutations.again()) {
                asked.mayAskAgain(invocation.id());
            }
            return any;
        }

        private Map<String, @Nullable Object> inputs(Invocation invocation, Seen seen, @Nullable ObjectNode namespace) {
            JsonNode param = invocation.param();
            return Inputs.of(seen, param.isMissingNode() ? null : param, namespace, authorizer);
        }

        private boolean mutate(
                Mutations.Mutation mutation,
                Map<String, Object> bindings,
                CelBudget budget,
                Seen seen,
                ObjectNode shown)
                throws MutationException {
            Compiled expression = mutation.expression();
            if (expression.program() == null) {
                throw new MutationException(expression.error());
            }
            Outcome outcome;
            try {
                outcome = Evaluation.one(expression, bindings, budget);
            } catch (OutOfBudgetException e) {
                throw new MutationException(String.valueOf(e.getMessage()));
            }
            if (outcome.result() == null) {
                throw new MutationException(outcome.error());
            }
            ObjectNode stored = patching.apply(mutation.kind(), outcome.result(), seen, shown);
            ObjectNode object = write.object();
            if (object == null || stored.equals(object)) {
                return false;
            }
            object.removeAll();
            object.setAll(stored);
            return true;
        }

        void finish() {
            if (errors.isEmpty()) {
                return;
            }
            Cause first = errors.getFirst();
            throw Refusals.plain(
                    write,
                    403,
                    first.reason().isEmpty() ? "Forbidden" : first.reason(),
                    first.message(),
                    errors.stream()
                            .map(error -> new Cause("", error.message(), ""))
                            .toList());
        }
    }
}
