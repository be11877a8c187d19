package dev.kite.cel.library;

import dev.kite.cel.CelAuthorizer;
import dev.kite.cel.CelAuthorizer.Decision;
import dev.kite.cel.CelAuthorizer.Requirement;
import dev.kite.cel.CelAuthorizer.ResourceCheck;
import dev.kite.cel.CelAuthorizer.Selector;
import dev.kite.cel.CelAuthorizer.ServiceAccount;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of what a user may do. */
public final class Authorization {
    private static final String P = "kubernetes.authorization.";
    private static final String AUTHORIZER = P + "Authorizer";
    private static final String RESOURCE = P + "ResourceCheck";
    private static final String DECISION = P + "Decision";
    private static final Pattern SET_REQUIREMENT =
            Pattern.compile("\\s*([A-Za-z0-9./_-]+)\\s+(in|notin)\\s*\\(([^()]*)\\)\\s*");
    private static final Pattern REQUIREMENT =
            Pattern.compile("\\s*(!)?\\s*([A-Za-z0-9./_-]+)\\s*(?:(==|=|!=)\\s*([A-Za-z0-9._-]*)\\s*)?");

    static final List<Function> FUNCTIONS = List.of(
            Function.of(
                    "authorizer_path",
                    AUTHORIZER + "#path(string) " + P + "PathCheck",
                    (e, a) -> path((Root) a[0], (String) a[1])),
            Function.of(
                    "authorizer_group",
                    AUTHORIZER + "#group(string) " + P + "GroupCheck",
                    (e, a) -> new Group((Root) a[0], (String) a[1])),
            Function.of(
                    "authorizer_serviceaccount",
                    AUTHORIZER + "#serviceAccount(string, string) " + AUTHORIZER,
                    (e, a) -> new Root(((Root) a[0]).authorizer, account((String) a[1], (String) a[2]))),
            Function.of(
                    "groupcheck_resource",
                    P + "GroupCheck#resource(string) " + RESOURCE,
                    (e, a) -> ((Group) a[0]).resource((String) a[1])),
            Function.of(
                    "resourcecheck_subresource",
                    RESOURCE + "#subresource(string) " + RESOURCE,
                    (e, a) -> ((Resource) a[0]).with("subresource", (String) a[1])),
            Function.of(
                    "resourcecheck_namespace",
                    RESOURCE + "#namespace(string) " + RESOURCE,
                    (e, a) -> ((Resource) a[0]).with("namespace", (String) a[1])),
            Function.of(
                    "resourcecheck_name",
                    RESOURCE + "#name(string) " + RESOURCE,
                    (e, a) -> ((Resource) a[0]).with("name", (String) a[1])),
            Function.of(
                    "authorizer_fieldselector",
                    RESOURCE + "#fieldSelector(string) " + RESOURCE,
                    (e, a) -> ((Resource) a[0]).with("fieldSelector", (String) a[1])),
            Function.of(
                    "authorizer_labelselector",
                    RESOURCE + "#labelSelector(string) " + RESOURCE,
                    (e, a) -> ((Resource) a[0]).with("labelSelector", (String) a[1])),
            Function.of("pathcheck_check", P + "PathCheck#check(string) " + DECISION, (e, a) -> {
                Path path = (Path) a[0];
                return new Outcome(path.root.authorizer.authorize(
                        new CelAuthorizer.PathCheck(path.path, (String) a[1], path.root.account)));
            }),
            Function.of(
                    "resourcecheck_check",
                    RESOURCE + "#check(string) " + DECISION,
                    (e, a) -> ((Resource) a[0]).check((String) a[1])),
            Function.of(
                    "decision_errored",
                    DECISION + "#errored() bool",
                    (e, a) -> ((Outcome) a[0]).decision.error() != null),
            Function.of("decision_error", DECISION + "#error() string", (e, a) -> {
                String error = ((Outcome) a[0]).decision.error();
                return error == null ? "" : error;
            }),
            Function.of(
                    "decision_allowed", DECISION + "#allowed() bool", (e, a) -> ((Outcome) a[0]).decision.allowed()),
            Function.of(
                    "decision_reason", DECISION + "#reason() string", (e, a) -> ((Outcome) a[0]).decision.reason()));

    private Authorization() {}

    /** The value of a bound authorizer or request resource. */
    public static Object adapt(Object bound) {
        return switch (bound) {
            case CelAuthorizer a -> new Root(a, null);
            case CelAuthorizer.RequestResource r ->
                new Resource(
                        new Root(r.authorizer(), null),
                        new ResourceCheck(
                                r.group(),
                                r.resource(),
                                r.subresource(),
                                r.namespace(),
                                r.name(),
                                "",
                                null,
                                null,
                                null));
            default -> bound;
        };
    }

    private static ServiceAccount account(String namespace, String name) {
        if (!Pattern.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", namespace)) {
            throw new CelError("Invalid service account namespace");
        }
        if (name.length() > 253 || !Pattern.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?", name)) {
            throw new CelError("Invalid service account name");
        }
        return new ServiceAccount(namespace, name);
    }

    private static Path path(Root root, String path) {
        if (path.isEmpty()) {
            throw new CelError("path must not be empty");
        }
        return new Path(root, path);
    }

    record Root(CelAuthorizer authorizer, @Nullable ServiceAccount account) implements LibraryValue {
        @Override
        public String typeName() {
            return AUTHORIZER;
        }
    }

    record Path(Root root, String path) implements LibraryValue {
        @Override
        public String typeName() {
            return P + "PathCheck";
        }
    }

    record Group(Root root, String group) implements LibraryValue {
        @Override
        public String typeName() {
            return P + "GroupCheck";
        }

        Resource resource(String resource) {
            return new Resource(root, new ResourceCheck(group, resource, "", "", "", "", null, null, null));
        }
    }

    record Resource(Root root, ResourceCheck check) implements LibraryValue {
        @Override
        public String typeName() {
            return RESOURCE;
        }

        Resource with(String what, String value) {
            return new Resource(
                    root,
                    new ResourceCheck(
                            check.group(),
                            check.resource(),
                            what.equals("subresource") ? value : check.subresource(),
                            what.equals("namespace") ? value : check.namespace(),
                            what.equals("name") ? value : check.name(),
                            "",
                            what.equals("fieldSelector") ? selector(value, false) : check.fieldSelector(),
                            what.equals("labelSelector") ? selector(value, true) : check.labelSelector(),
                            null));
        }

        Outcome check(String verb) {
            return new Outcome(root.authorizer.authorize(new ResourceCheck(
                    check.group(),
                    check.resource(),
                    check.subresource(),
                    check.namespace(),
                    check.name(),
                    verb,
                    check.fieldSelector(),
                    check.labelSelector(),
                    root.account)));
        }
    }

    record Outcome(Decision decision) implements LibraryValue {
        @Override
        public String typeName() {
            return DECISION;
        }
    }

    /** A selector of fields has equality only; one of labels also sets and existence. */
    private static Selector selector(String text, boolean labels) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : parts(text)) {
            Matcher set = SET_REQUIREMENT.matcher(part);
            Matcher plain = REQUIREMENT.matcher(part);
            if (labels && set.matches()) {
                List<String> values = new ArrayList<>();
                for (String value : set.group(3).split(",", -1)) {
                    values.add(value.strip());
                }
                requirements.add(new Requirement(set.group(1), set.group(2).equals("in") ? "In" : "NotIn", values));
            } else if (plain.matches() && (plain.group(3) == null) == labels && plain.group(3) == null) {
                requirements.add(
                        new Requirement(plain.group(2), plain.group(1) == null ? "Exists" : "DoesNotExist", List.of()));
            } else if (plain.matches() && plain.group(3) != null && plain.group(1) == null) {
                String operator = plain.group(3).equals("!=") ? "NotIn" : "In";
                requirements.add(new Requirement(plain.group(2), operator, List.of(plain.group(4))));
            } else {
                return new Selector(text, List.of(), "invalid selector: " + Texts.quote(part.strip()));
            }
        }
        return new Selector(text, requirements, null);
    }

    /** At commas outside of parentheses. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        if (!text.isBlank()) {
            parts.add(text.substring(start));
        }
        return parts;
    }
}
