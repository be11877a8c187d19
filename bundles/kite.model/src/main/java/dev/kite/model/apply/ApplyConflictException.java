package dev.kite.model.apply;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Fields that a configuration changes and others own; the message and the causes have Kubernetes' form. */
public final class ApplyConflictException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * One conflict: a StatusCause of type FieldManagerConflict.
     *
     * @param message {@code conflict with "name" using v1}
     * @param field the field's path
     */
    public record Conflict(String message, String field) {}

    private final transient List<Conflict> conflicts;

    ApplyConflictException(Map<Owner, FieldSet> owned) {
        super(message(owned));
        conflicts = owned.entrySet().stream()
                .flatMap(entry -> entry.getValue().paths().stream()
                        .map(path -> new Conflict("conflict with " + entry.getKey(), text(path))))
                .toList();
    }

    /** The conflicts, a field of an owner each. */
    public List<Conflict> conflicts() {
        return conflicts;
    }

    static String text(List<PathElement> path) {
        return path.stream().map(PathElement::toString).collect(Collectors.joining());
    }

    private static String message(Map<Owner, FieldSet> owned) {
        Map<String, TreeSet<String>> byOwner = new TreeMap<>();
        int count = 0;
        for (Map.Entry<Owner, FieldSet> entry : owned.entrySet()) {
            for (List<PathElement> path : entry.getValue().paths()) {
                byOwner.computeIfAbsent(entry.getKey().toString(), k -> new TreeSet<>())
                        .add(text(path));
                count++;
            }
        }
        if (count == 1) {
            Map.Entry<String, TreeSet<String>> only =
                    byOwner.entrySet().iterator().next();
            return "Apply failed with 1 conflict: conflict with " + only.getKey() + ": "
                    + only.getValue().first();
        }
        StringBuilder text = new StringBuilder("Apply failed with " + count + " conflicts: ");
        byOwner.forEach((owner, paths) -> {
            text.append("conflicts with ").append(owner).append(":\n");
            paths.forEach(path -> text.append("- ").append(path).append('\n'));
        });
        return text.toString().stripTrailing();
    }
}
