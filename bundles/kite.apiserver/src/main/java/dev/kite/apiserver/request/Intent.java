package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Who writes, and how: what a write carries through strategies and admission, whether it came by HTTP or from this bundle itself. Immutable but for its
 * consumer.
 *
 * @param user who writes
 * @param dryRun whether nothing is to be stored
 * @param fieldManager the name for managedFields
 * @param fieldValidation what to do with unknown and duplicate fields
 * @param applying whether the write is a server-side apply, which keeps managedFields itself
 * @param warnings takes warnings for the answer
 * @param annotations takes keys and values for the request's audit event
 * @param options the options as the request gives them, for webhooks and policies; not to be changed
 */
public record Intent(
        UserInfo user,
        boolean dryRun,
        String fieldManager,
        FieldValidation fieldValidation,
        boolean applying,
        Consumer<String> warnings,
        BiConsumer<String, String> annotations,
        ObjectNode options) {
    /** What to do with unknown and duplicate fields. */
    public enum FieldValidation {
        /** Drop them silently. */
        IGNORE,
        /** Drop them and warn. */
        WARN,
        /** Refuse the request. */
        STRICT
    }

    /**
     * A write that is not audited and comes without options.
     *
     * @param user who writes
     * @param dryRun whether nothing is to be stored
     * @param fieldManager the name for managedFields
     * @param fieldValidation what to do with unknown and duplicate fields
     * @param applying whether the write is a server-side apply
     * @param warnings takes warnings for the answer
     */
    public Intent(
            UserInfo user,
            boolean dryRun,
            String fieldManager,
            FieldValidation fieldValidation,
            boolean applying,
            Consumer<String> warnings) {
        this(
                user,
                dryRun,
                fieldManager,
                fieldValidation,
                applying,
                warnings,
                (_, _) -> {},
                JsonNodeFactory.instance.objectNode());
    }

    /** The API server itself. */
    public static final Intent SERVER = new Intent(
            new UserInfo("system:apiserver", "", List.of(UserInfo.MASTERS, UserInfo.AUTHENTICATED), Map.of()),
            false,
            "kube-apiserver",
            FieldValidation.IGNORE,
            false,
            _ -> {});

    /**
     * Reads a write's options.
     *
     * @param call the request
     * @return its intent
     * @throws StatusException 400 or 422 where an option is wrong
     */
    public static Intent of(Call call) {
        QueryParameters query = call.query();
        String method = call.exchange().method();
        boolean dryRun = WriteOptions.dryRun(method, query.all("dryRun"));
        return new Intent(
                call.user(),
                dryRun,
                manager(call),
                WriteOptions.fieldValidation(method, query.first("fieldValidation", "")),
                false,
                call::warn,
                call::annotate,
                options(query));
    }

    private static ObjectNode options(QueryParameters query) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        if (!query.all("dryRun").isEmpty()) {
            query.all("dryRun").forEach(options.putArray("dryRun")::add);
        }
        for (String name : List.of("fieldManager", "fieldValidation")) {
            String value = query.first(name, "");
            if (!value.isEmpty()) {
                options.put(name, value);
            }
        }
        return options;
    }

    /**
     * This intent, storing nothing.
     *
     * @param really whether to store nothing
     * @return the intent
     */
    public Intent dryRun(boolean really) {
        return really == dryRun
                ? this
                : new Intent(user, really, fieldManager, fieldValidation, applying, warnings, annotations, options);
    }

    /** @return this intent as that of a server-side apply */
    public Intent forApply() {
        return new Intent(user, dryRun, fieldManager, fieldValidation, true, warnings, annotations, options);
    }

    /** @return this intent, silent about fields that are unknown or there twice */
    public Intent quiet() {
        return new Intent(user, dryRun, fieldManager, FieldValidation.IGNORE, applying, warnings, annotations, options);
    }

    /** The fieldManager parameter, or the first word of the client's name, at most 128 characters (as upstream). */
    private static String manager(Call call) {
        String asked = call.query().first("fieldManager", "");
        if (!asked.isEmpty()) {
            WriteOptions.checkManager(call.exchange().method(), asked);
            return asked;
        }
        String agent = call.exchange().requestHeaders().first("User-Agent");
        if (agent == null || agent.isEmpty()) {
            return "unknown";
        }
        int slash = agent.indexOf('/');
        String name = slash < 0 ? agent : agent.substring(0, slash);
        return name.length() > 128 ? name.substring(0, 128) : name;
    }
}
