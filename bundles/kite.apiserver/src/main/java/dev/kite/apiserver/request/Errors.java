package dev.kite.apiserver.request;

import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.StatusException.Details;
import java.util.List;

/** The refusals of Kubernetes' API, each with its code, reason and form of message. */
public final class Errors {
    private Errors() {}

    /**
     * No such object.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param name the object's name
     * @return 404 NotFound
     */
    public static StatusException notFound(String group, String resource, String name) {
        return new StatusException(
                404, "NotFound", qualified(group, resource) + " \"" + name + "\" not found", of(group, resource, name));
    }

    /** @return 404 NotFound for a path that names no resource */
    public static StatusException noSuchResource() {
        return new StatusException(404, "NotFound", "the server could not find the requested resource", Details.NONE);
    }

    /**
     * The name is taken.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param name the object's name
     * @return 409 AlreadyExists
     */
    public static StatusException alreadyExists(String group, String resource, String name) {
        return new StatusException(
                409,
                "AlreadyExists",
                qualified(group, resource) + " \"" + name + "\" already exists",
                of(group, resource, name));
    }

    /**
     * Somebody else was faster, or a precondition fails.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param name the object's name
     * @param why what stands in the way
     * @return 409 Conflict
     */
    public static StatusException conflict(String group, String resource, String name, String why) {
        return new StatusException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + qualified(group, resource) + " \"" + name + "\": " + why,
                of(group, resource, name));
    }

    /**
     * Somebody else was faster.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param name the object's name
     * @return 409 Conflict
     */
    public static StatusException modified(String group, String resource, String name) {
        return conflict(
                group,
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    /**
     * Refused by admission or authorization.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param name the object's name, may be empty
     * @param why the reason
     * @return 403 Forbidden
     */
    public static StatusException forbidden(String group, String resource, String name, String why) {
        String subject = name.isEmpty()
                ? qualified(group, resource) + " is forbidden: "
                : qualified(group, resource) + " \"" + name + "\" is forbidden: ";
        return new StatusException(403, "Forbidden", subject + why, of(group, resource, name));
    }

    /**
     * The object breaks rules.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param name the object's name
     * @param causes each rule broken; at least one
     * @return 422 Invalid
     */
    public static StatusException invalid(String group, String kind, String name, List<Cause> causes) {
        String each = causes.stream()
                .map(cause -> cause.field().isEmpty() ? cause.message() : cause.field() + ": " + cause.message())
                .distinct()
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        String listed = causes.size() == 1 ? each : "[" + each + "]";
        return new StatusException(
                422,
                "Invalid",
                qualified(group, kind) + " \"" + name + "\" is invalid: " + listed,
                of(group, kind, name).with(causes));
    }

    /**
     * The request makes no sense.
     *
     * @param why the reason
     * @return 400 BadRequest
     */
    public static StatusException badRequest(String why) {
        return new StatusException(400, "BadRequest", why, Details.NONE);
    }

    /**
     * History that was asked for is gone.
     *
     * @param why the reason
     * @return 410 Expired
     */
    public static StatusException expired(String why) {
        return new StatusException(410, "Expired", why, Details.NONE);
    }

    /**
     * A list cannot go on at its revision.
     *
     * @param token continues it at the newest revision
     * @param revision the revision that is gone
     * @return 410 Expired
     */
    public static StatusException expiredContinue(String token, long revision) {
        return new StatusException(
                410,
                "Expired",
                "The provided continue parameter is too old to display a consistent list result (revision " + revision
                        + " is compacted). Start a new list without it, or use the token in this response to read the rest as it is now.",
                Details.NONE,
                token);
    }

    /**
     * The verb is not for this resource.
     *
     * @return 405 MethodNotAllowed
     */
    public static StatusException methodNotAllowed() {
        return new StatusException(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Details.NONE);
    }

    /**
     * No form that the client accepts can be had.
     *
     * @param accepted the media types that can be had
     * @return 406 NotAcceptable
     */
    public static StatusException notAcceptable(List<String> accepted) {
        return new StatusException(
                406,
                "NotAcceptable",
                "only the following media types are accepted: " + String.join(", ", accepted),
                Details.NONE);
    }

    /**
     * The form that the client asks for is not one of what it asks for.
     *
     * @param why what is wrong
     * @return 406 NotAcceptable
     */
    public static StatusException notAcceptable(String why) {
        return new StatusException(406, "NotAcceptable", why, Details.NONE);
    }

    /**
     * The body is of a form that is not read here.
     *
     * @param accepted the media types that are
     * @return 415 UnsupportedMediaType
     */
    public static StatusException unsupportedMediaType(List<String> accepted) {
        return new StatusException(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", accepted),
                Details.NONE);
    }

    /**
     * The body is too large.
     *
     * @param limit the bound in bytes
     * @return 413 RequestEntityTooLarge
     */
    public static StatusException tooLarge(long limit) {
        return new StatusException(
                413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, Details.NONE);
    }

    /**
     * A revision was asked for that is not known here yet.
     *
     * @param asked the revision asked for
     * @param current the newest
     * @return 504 Timeout
     */
    public static StatusException futureVersion(long asked, long current) {
        Details details = new Details(
                "", "", "", "", List.of(new Cause("ResourceVersionTooLarge", "Too large resource version", "")), 1);
        return new StatusException(
                504, "Timeout", "Timeout: Too large resource version: " + asked + ", current: " + current, details);
    }

    /**
     * Too much at once, or a budget that would be broken.
     *
     * @param message for people
     * @param retryAfterSeconds when to try again
     * @param causes why
     * @return 429 TooManyRequests
     */
    public static StatusException tooManyRequests(String message, int retryAfterSeconds, List<Cause> causes) {
        return new StatusException(
                429, "TooManyRequests", message, Details.NONE.with(causes).retry(retryAfterSeconds));
    }

    /**
     * Our fault.
     *
     * @param what went wrong, without secrets
     * @return 500 InternalError
     */
    public static StatusException internal(String what) {
        return new StatusException(
                500,
                "InternalError",
                "Internal error occurred: " + what,
                Details.NONE.with(List.of(new Cause("", what, ""))));
    }

    /**
     * Something that is needed is not there now.
     *
     * @param why the reason
     * @param retryAfterSeconds when to try again
     * @return 503 ServiceUnavailable
     */
    public static StatusException unavailable(String why, int retryAfterSeconds) {
        return new StatusException(503, "ServiceUnavailable", why, Details.NONE.retry(retryAfterSeconds));
    }

    private static Details of(String group, String kind, String name) {
        return new Details(name, group, kind, "", List.of(), 0);
    }

    private static String qualified(String group, String resource) {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
