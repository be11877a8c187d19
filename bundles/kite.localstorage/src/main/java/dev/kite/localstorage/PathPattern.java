package dev.kite.localstorage;

import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.meta.v1.ObjectMeta;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The class parameter {@code pathPattern}: a text with places such as {@code {{ .PVC.Namespace }}}, {@code {{ .PVC.Name }}}, {@code {{ .PVName }}}, {@code {{
 * .PVC.Labels.team }}}, {@code {{ index .PVC.Annotations "a.b/c" }}}. Of the Go templates that the local-path provisioner takes these are the ones with a meaning
 * here; any other is refused. What is absent becomes {@code <no value>}, as there.
 */
final class PathPattern {
    private static final int LONGEST = 4096;
    private static final Pattern PLACE = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}", Pattern.DOTALL);
    private static final Pattern ENTRY = Pattern.compile("\\.PVC\\.(Annotations|Labels)\\.([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern INDEX =
            Pattern.compile("index\\s+\\.PVC\\.(Annotations|Labels)\\s+(?:\"([^\"\\\\]*)\"|`([^`]*)`)");
    private static final String ABSENT = "<no value>";

    private PathPattern() {}

    /**
     * Fills a pattern in.
     *
     * @param pattern the pattern
     * @param volume the volume's name
     * @param claim the claim
     * @return the path, not yet checked
     * @throws VolumeException if the pattern has a place of another form
     */
    static String fill(String pattern, String volume, PersistentVolumeClaim claim) throws VolumeException {
        if (pattern.length() > LONGEST) {
            throw new VolumeException("pathPattern is longer than " + LONGEST + " characters");
        }
        Matcher matcher = PLACE.matcher(pattern);
        StringBuilder path = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            path.append(pattern, end, matcher.start()).append(value(matcher.group(1), volume, claim.metadata()));
            end = matcher.end();
        }
        path.append(pattern, end, pattern.length());
        if (path.length() > LONGEST) {
            throw new VolumeException("pathPattern makes a path of more than " + LONGEST + " characters");
        }
        return path.toString();
    }

    private static String value(String place, String volume, ObjectMeta claim) throws VolumeException {
        return switch (place) {
            case ".PVName" -> volume;
            case ".PVC.Name" -> claim.name();
            case ".PVC.Namespace" -> claim.namespace();
            case ".PVC.UID" -> claim.uid();
            default -> entry(place, claim);
        };
    }

    private static String entry(String place, ObjectMeta claim) throws VolumeException {
        Matcher entry = ENTRY.matcher(place);
        if (entry.matches()) {
            return map(entry.group(1), claim).getOrDefault(entry.group(2), ABSENT);
        }
        Matcher index = INDEX.matcher(place);
        if (index.matches()) {
            String key = index.group(2) == null ? index.group(3) : index.group(2);
            // Go's index gives the empty text for a key that is absent.
            return map(index.group(1), claim).getOrDefault(key, "");
        }
        throw new VolumeException("pathPattern has {{ " + place + " }}, which is not one of .PVName, .PVC.Name,"
                + " .PVC.Namespace, .PVC.UID, .PVC.Annotations and .PVC.Labels");
    }

    private static Map<String, String> map(String which, ObjectMeta claim) {
        return which.equals("Labels") ? claim.labels() : claim.annotations();
    }
}
