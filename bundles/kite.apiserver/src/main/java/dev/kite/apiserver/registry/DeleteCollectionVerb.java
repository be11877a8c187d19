package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.ListOptions;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.storage.View;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Deletes all objects that a selection names, and answers with the list of them. */
public final class DeleteCollectionVerb implements Verb {
    private final Machinery machinery;
    private final Deletion deletion;
    private final Selections selections;
    private final BodyReader bodies;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param machinery what writes go through
     * @param selections parses selectors
     * @param bodies reads bodies
     * @param answers writes answers
     */
    public DeleteCollectionVerb(Machinery machinery, Selections selections, BodyReader bodies, Answers answers) {
        this.machinery = machinery;
        this.deletion = new Deletion(machinery);
        this.selections = selections;
        this.bodies = bodies;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        DeleteOptions options = DeleteOptions.read(call, bodies);
        Intent intent = Intent.of(call).dryRun(options.dryRun());
        ListOptions list = ListOptions.of(call.query(), false);
        Selection selection = selections.of(resource, list);
        String prefix = Keys.in(resource.stored().folder(), GetVerb.scope(call, resource));
        machinery.objects().store().sync();
        Range range = machinery.objects().store().range(prefix, RangeOptions.ALL);
        List<Entry> deleted = new ArrayList<>();
        for (Entry entry : machinery.objects().conversions().shown(resource, range.entries())) {
            if (selection.matches(View.of(entry)) && delete(intent, resource, entry, options.options())) {
                deleted.add(entry);
            }
        }
        answers.page(call, resource, new Answers.Page(deleted, range.revision(), null, 0));
    }

    /** Deletes one; one that went meanwhile is no failure. */
    private boolean delete(Intent intent, ApiResource resource, Entry entry, Deletion.Options options) {
        ObjectNode object = Trees.parse(entry.bytes());
        Target target = new Target(
                resource, "", Tree.text(object, "metadata", "namespace"), Tree.text(object, "metadata", "name"));
        try {
            deletion.delete(intent, target, options);
            return true;
        } catch (StatusException e) {
            if (e.code() == 404) {
                return false;
            }
            throw e;
        }
    }
}
