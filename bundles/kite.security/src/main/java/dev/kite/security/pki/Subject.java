package dev.kite.security.pki;

import java.util.ArrayList;
import java.util.List;

/**
 * A distinguished name as Kubernetes reads it: the common name is the user, the organisations are the groups.
 *
 * @param commonName the last common name, empty for none
 * @param organisations the organisations in order
 */
public record Subject(String commonName, List<String> organisations) {
    private static final String CN = "2.5.4.3";
    private static final String O = "2.5.4.10";

    /** Copies the list. */
    public Subject {
        organisations = List.copyOf(organisations);
    }

    /**
     * Reads an encoded name.
     *
     * @param der the name, DER
     * @return what Kubernetes needs of it
     * @throws IllegalArgumentException if it is malformed
     */
    public static Subject read(byte[] der) {
        String commonName = "";
        List<String> organisations = new ArrayList<>();
        DerReader names = new DerReader(der).sequence();
        while (names.hasMore()) {
            DerReader set = names.next(Der.SET).reader();
            while (set.hasMore()) {
                DerReader attribute = set.sequence();
                String type = attribute.oid();
                DerReader.Value value = attribute.next();
                if (type.equals(CN)) {
                    commonName = DerReader.text(value);
                } else if (type.equals(O)) {
                    organisations.add(DerReader.text(value));
                }
            }
        }
        return new Subject(commonName, organisations);
    }

    byte[] encoded() {
        List<byte[]> names = new ArrayList<>();
        for (String organisation : organisations) {
            names.add(name(O, organisation));
        }
        if (!commonName.isEmpty()) {
            names.add(name(CN, commonName));
        }
        return Der.sequence(names.toArray(byte[][]::new));
    }

    private static byte[] name(String type, String value) {
        return Der.set(Der.sequence(Der.oid(type), Der.utf8(value)));
    }
}
