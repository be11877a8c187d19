package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.MediaType;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.WriteOptions;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.util.List;

/**
 * How a request wants something deleted: its body, or else its query.
 *
 * @param options what is asked for
 * @param dryRun whether nothing is to be deleted
 */
record DeleteOptions(Deletion.Options options, boolean dryRun) {
    static DeleteOptions read(Call call, BodyReader bodies) throws IOException {
        byte[] bytes = BodyReader.bytes(call.exchange());
        boolean queryDry = WriteOptions.dryRun("DELETE", call.query().all("dryRun"));
        if (bytes.length == 0) {
            return new DeleteOptions(fromQuery(call), queryDry);
        }
        String type = BodyReader.mediaType(call.exchange());
        ObjectNode body = bodies.parse(type.isEmpty() ? MediaType.JSON : type, bytes, "DeleteOptions")
                .object();
        String kind = Tree.text(body, "kind");
        if (!kind.isEmpty() && !kind.equals("DeleteOptions")) {
            throw Errors.badRequest("decoded object cannot be converted to DeleteOptions");
        }
        Long grace = Tree.has(body, "gracePeriodSeconds") ? (Long) Tree.number(body, "gracePeriodSeconds") : null;
        String propagation = Tree.text(body, "propagationPolicy");
        if (propagation.isEmpty() && Tree.has(body, "orphanDependents")) {
            propagation = Tree.flag(body, "orphanDependents") ? "Orphan" : "Background";
        }
        Deletion.Options options = new Deletion.Options(
                grace,
                propagation,
                Tree.text(body, "preconditions", "uid"),
                Tree.text(body, "preconditions", "resourceVersion"));
        check(options);
        return new DeleteOptions(options, queryDry || WriteOptions.dryRun("DELETE", Tree.texts(body, "dryRun")));
    }

    private static Deletion.Options fromQuery(Call call) {
        String grace = call.query().first("gracePeriodSeconds", "");
        String propagation = call.query().first("propagationPolicy", "");
        if (propagation.isEmpty() && call.query().first("orphanDependents") != null) {
            propagation = call.query().flag("orphanDependents") ? "Orphan" : "Background";
        }
        try {
            Deletion.Options options =
                    new Deletion.Options(grace.isEmpty() ? null : (Long) Long.parseLong(grace), propagation, "", "");
            check(options);
            return options;
        } catch (NumberFormatException _) {
            throw Errors.badRequest("gracePeriodSeconds is no number: \"" + grace + "\"");
        }
    }

    private static void check(Deletion.Options options) {
        Long grace = options.gracePeriodSeconds();
        if (grace != null && grace < 0) {
            throw invalid(
                    "FieldValueInvalid",
                    "Invalid value: " + grace + ": must be greater than or equal to 0",
                    "gracePeriodSeconds");
        }
        switch (options.propagation()) {
            case "", "Orphan", "Background", "Foreground" -> {}
            default ->
                throw invalid(
                        "FieldValueNotSupported",
                        "Unsupported value: \"" + options.propagation()
                                + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"",
                        "propagationPolicy");
        }
    }

    private static RuntimeException invalid(String reason, String message, String field) {
        return Errors.invalid("meta.k8s.io", "DeleteOptions", "", List.of(new Cause(reason, message, field)));
    }
}
