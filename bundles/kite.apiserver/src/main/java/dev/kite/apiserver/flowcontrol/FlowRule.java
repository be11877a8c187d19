package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.RequestInfo;
import java.util.List;

/**
 * One rule of a FlowSchema: who, and what. Immutable; matching allocates nothing.
 *
 * @param subjects who
 * @param resources what of resources
 * @param others what beside resources
 */
record FlowRule(List<Subject> subjects, List<ResourceRule> resources, List<PathRule> others) {
    private static final String ALL = "*";

    /** Who a rule is about; of a kind that isn't known, nobody. */
    sealed interface Subject {
        /** A user, or all. */
        record User(String name) implements Subject {}

        /** A group, or all. */
        record Group(String name) implements Subject {}

        /** What a namespace's service accounts' user names start with. */
        record Accounts(String prefix) implements Subject {}
    }

    /** What of resources; a list of one asterisk is all. */
    record ResourceRule(
            List<String> verbs,
            List<String> groups,
            List<String> resources,
            List<String> namespaces,
            boolean clusterScope) {
        boolean matches(RequestInfo info) {
            if (!has(verbs, info.verb()) || !hasResource(info) || !has(groups, info.apiGroup())) {
                return false;
            }
            return info.namespace().isEmpty() ? clusterScope : has(namespaces, info.namespace());
        }

        private boolean hasResource(RequestInfo info) {
            String plural = info.resource();
            String sub = info.subresource();
            if (sub.isEmpty() || isAll(resources)) {
                return has(resources, plural);
            }
            for (String one : resources) {
                if (one.length() == plural.length() + 1 + sub.length()
                        && one.startsWith(plural)
                        && one.charAt(plural.length()) == '/'
                        && one.endsWith(sub)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What beside resources; a path covers those below it. */
    record PathRule(List<String> verbs, List<Path> paths) {
        boolean matches(RequestInfo info) {
            if (!has(verbs, info.verb())) {
                return false;
            }
            for (Path path : paths) {
                if (path.all()
                        || path.whole().equals(info.path())
                        || info.path().startsWith(path.below())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A path and what those below it start with. */
    record Path(String whole, String below, boolean all) {
        static Path of(String path) {
            String prefix = path.endsWith(ALL) ? path.substring(0, path.length() - 1) : path;
            return new Path(path, prefix.endsWith("/") ? prefix : prefix + "/", path.equals(ALL));
        }
    }

    static FlowRule of(JsonNode rule) {
        return new FlowRule(
                Tree.objects(rule, "subjects").stream().map(FlowRule::subject).toList(),
                Tree.objects(rule, "resourceRules").stream()
                        .map(r -> new ResourceRule(
                                Tree.texts(r, "verbs"),
                                Tree.texts(r, "apiGroups"),
                                Tree.texts(r, "resources"),
                                Tree.texts(r, "namespaces"),
                                Tree.flag(r, "clusterScope")))
                        .toList(),
                Tree.objects(rule, "nonResourceRules").stream()
                        .map(r -> new PathRule(
                                Tree.texts(r, "verbs"),
                                Tree.texts(r, "nonResourceURLs").stream()
                                        .map(Path::of)
                                        .toList()))
                        .toList());
    }

    private static Subject subject(JsonNode subject) {
        return switch (Tree.text(subject, "kind")) {
            case "User" -> new Subject.User(Tree.text(subject, "user", "name"));
            case "Group" -> new Subject.Group(Tree.text(subject, "group", "name"));
            case "ServiceAccount" -> account(subject.path("serviceAccount"));
            default -> new Subject.User("");
        };
    }

    private static Subject account(JsonNode account) {
        String prefix = "system:serviceaccount:" + Tree.text(account, "namespace") + ":";
        String name = Tree.text(account, "name");
        return name.equals(ALL) ? new Subject.Accounts(prefix) : new Subject.User(prefix + name);
    }

    boolean matches(UserInfo user, RequestInfo info) {
        // What is asked for is cheaper to tell than who asks.
        return (info.resourceRequest() ? matchesResource(info) : matchesPath(info)) && matches(user);
    }

    private boolean matchesResource(RequestInfo info) {
        for (ResourceRule rule : resources) {
            if (rule.matches(info)) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesPath(RequestInfo info) {
        for (PathRule rule : others) {
            if (rule.matches(info)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(UserInfo user) {
        for (Subject subject : subjects) {
            boolean found = switch (subject) {
                case Subject.User(String name) -> name.equals(ALL) || name.equals(user.name());
                case Subject.Group(String name) ->
                    name.equals(ALL) || user.groups().contains(name);
                case Subject.Accounts(String prefix) -> user.name().startsWith(prefix);
            };
            if (found) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAll(List<String> words) {
        return words.size() == 1 && words.getFirst().equals(ALL);
    }

    private static boolean has(List<String> words, String word) {
        return words.contains(word) || isAll(words);
    }
}
