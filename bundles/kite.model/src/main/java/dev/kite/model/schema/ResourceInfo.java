package dev.kite.model.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A built-in resource, as discovery tells it.
 *
 * @param group its API group, empty for core
 * @param version its version
 * @param plural its name in paths
 * @param singular its singular name
 * @param kind its kind
 * @param namespaced whether its objects live in namespaces
 * @param verbs what can be done to it
 * @param shortNames kubectl's short names
 * @param categories kubectl's categories
 * @param subresources its subresources by name
 */
public record ResourceInfo(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        List<String> verbs,
        List<String> shortNames,
        List<String> categories,
        List<Subresource> subresources) {

    /**
     * A subresource.
     *
     * @param name its name in paths
     * @param group the group of its kind
     * @param version the version of its kind
     * @param kind its kind
     * @param verbs what can be done to it
     */
    public record Subresource(String name, String group, String version, String kind, List<String> verbs) {}

    /** {@code v1} or {@code group/version}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Whether it has this subresource. */
    public boolean hasSubresource(String name) {
        return subresources.stream().anyMatch(s -> s.name().equals(name));
    }

    /** Discovery's storageVersionHash: the first 8 bytes of SHA-256 of group/version/kind in base64. */
    public String storageVersionHash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((group + "/" + version + "/" + kind).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
