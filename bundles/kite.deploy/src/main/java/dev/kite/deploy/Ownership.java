package dev.kite.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The mark on objects that an addon applied, by which what a file no longer has is found and removed. It is k3s's own (labels and annotations objectset.rio.cattle.io), so
 * that Kite goes on where k3s left off, and back.
 *
 * @param addon the addon's name
 */
record Ownership(String addon) {
    private static final String PREFIX = "objectset.rio.cattle.io/";
    static final String HASH = PREFIX + "hash";
    static final String KIND = "k3s.cattle.io/v1, Kind=Addon";
    static final String NAMESPACE = "kube-system";

    /** SHA-1 of the set's id (empty), the owner's kind, name and namespace: a name, not a secret. */
    String hash() {
        try {
            byte[] identity = (KIND + addon + NAMESPACE).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(identity));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String selector() {
        return HASH + "=" + hash();
    }

    /** A copy of the object with the mark. */
    ObjectNode mark(ObjectNode object) {
        ObjectNode marked = object.deepCopy();
        ObjectNode metadata = marked.withObject("/metadata");
        child(metadata, "labels").put(HASH, hash());
        ObjectNode annotations = child(metadata, "annotations");
        annotations.put(PREFIX + "id", "");
        annotations.put(PREFIX + "owner-gvk", KIND);
        annotations.put(PREFIX + "owner-name", addon);
        annotations.put(PREFIX + "owner-namespace", NAMESPACE);
        return marked;
    }

    private static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode there ? there : parent.putObject(name);
    }
}
