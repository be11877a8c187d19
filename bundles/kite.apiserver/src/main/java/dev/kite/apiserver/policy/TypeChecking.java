package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Signal;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelCompiler;
import dev.kite.store.Entry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into each ValidatingAdmissionPolicy's status what in its expressions does not fit the kinds that it looks at, once a generation. Follows the policies; one
 * virtual thread. Thread-safe.
 */
public final class TypeChecking implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TypeChecking.class);
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String PLURAL = "validatingadmissionpolicies";
    private static final Intent INTENT = new Intent(
            Intent.SERVER.user(),
            false,
            "validatingadmissionpolicy-status",
            Intent.FieldValidation.IGNORE,
            false,
            _ -> {});

    private final Modification modification;
    private final ResourceCatalog catalog;
    private final Followers followers;
    private final TypeCheck check;
    private final Signal signal = new Signal();
    private final Set<String> asked = new LinkedHashSet<>();
    private Followers.@Nullable Following following;
    private volatile boolean closed;

    /**
     * Type checking.
     *
     * @param machinery what its writes go through
     * @param catalog knows the kinds
     * @param followers follows policies
     * @param compiler compiles expressions
     */
    public TypeChecking(Machinery machinery, ResourceCatalog catalog, Followers followers, CelCompiler compiler) {
        this.modification = new Modification(machinery);
        this.catalog = catalog;
        this.followers = followers;
        this.check = new TypeCheck(compiler, catalog);
    }

    /** Starts to follow; to be called once. */
    public void start() {
        following = followers.follow(Keys.builtIn(GROUP, PLURAL), new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                ObjectNode policy = Trees.of(entry);
                if (!current(policy)) {
                    ask(Tree.text(policy, "metadata", "name"));
                }
            }

            @Override
            public void gone(Entry last) {}
        });
        Thread.ofVirtual().name("type checking").start(this::run);
    }

    private static boolean current(ObjectNode policy) {
        return Tree.number(policy, "metadata", "generation") <= Tree.number(policy, "status", "observedGeneration");
    }

    private void ask(String name) {
        synchronized (asked) {
            asked.add(name);
        }
        signal.raise();
    }

    private void run() {
        try {
            while (!closed) {
                List<String> names;
                synchronized (asked) {
                    names = List.copyOf(asked);
                    asked.clear();
                }
                names.forEach(this::check);
                if (names.isEmpty()) {
                    signal.await(Signal.FOR_EVER);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(String name) {
        ApiResource resource = catalog.find(GROUP, "v1", PLURAL);
        if (resource == null || closed) {
            return;
        }
        try {
            modification.change(INTENT, new Modification.Target(resource, "status", "", name), this::checked);
        } catch (StatusException e) {
            if (e.code() != 404) {
                LOG.warn("the types of policy {} are not told: {}", name, e.getMessage());
            }
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("the types of policy {} can't be checked", name, e);
            }
        }
    }

    private ObjectNode checked(ObjectNode policy) {
        ObjectNode changed = policy.deepCopy();
        Trees.metadata(changed).remove("resourceVersion");
        if (current(policy)) {
            return changed;
        }
        ArrayNode warnings = check.warnings(Tree.at(policy, "spec"));
        ObjectNode status = changed.withObject("/status");
        status.put("observedGeneration", Tree.number(policy, "metadata", "generation"));
        ObjectNode checking = status.putObject("typeChecking");
        if (!warnings.isEmpty()) {
            checking.set("expressionWarnings", warnings);
        }
        return changed;
    }

    @Override
    public void close() {
        closed = true;
        if (following != null) {
            following.close();
        }
        signal.raise();
    }
}
