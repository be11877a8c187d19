package dev.kite.apiserver.storage;

import dev.kite.store.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lives beside an object's stored bytes, once per revision: where its resourceVersion is spliced in, and what selectors ask for, read
 * at first use and kept. Thread-safe: at worst two threads compute the same.
 */
public final class View {
    private static final byte[] BEFORE = "\"resourceVersion\":\"".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final int splice;
    private volatile @Nullable Map<String, String> labels;
    private volatile @Nullable Fields fields;

    private record Fields(FieldScan scan, List<String> values) {}

    /**
     * A view of stored bytes.
     *
     * @param bytes an object's JSON without resourceVersion
     */
    public View(byte[] bytes) {
        this.bytes = bytes;
        this.splice = FieldScan.metadataOffset(bytes);
    }

    /**
     * Returns the view of an entry.
     *
     * @param entry the entry
     * @return its view, the shared one where the store keeps it
     */
    public static View of(Entry entry) {
        return entry.value().view() instanceof View view ? view : new View(entry.bytes());
    }

    /** @return the object's labels */
    public Map<String, String> labels() {
        Map<String, String> known = labels;
        if (known == null) {
            known = FieldScan.labels(bytes);
            labels = known;
        }
        return known;
    }

    /**
     * Reads selectable fields.
     *
     * @param scan the kind's fields; the same instance each time, or the result isn't kept
     * @return the values in the scan's order
     */
    public List<String> fields(FieldScan scan) {
        Fields known = fields;
        if (known == null || known.scan() != scan) {
            known = new Fields(scan, scan.read(bytes));
            fields = known;
        }
        return known.values();
    }

    /**
     * Returns the object with its resourceVersion.
     *
     * @param revision the revision that wrote it
     * @return its bytes, a fresh copy
     */
    public byte[] whole(long revision) {
        if (splice < 0) {
            return bytes.clone();
        }
        byte[] number = digits(revision);
        boolean more = bytes[splice] != '}';
        int inserted = BEFORE.length + number.length + (more ? 2 : 1);
        byte[] out = new byte[bytes.length + inserted];
        System.arraycopy(bytes, 0, out, 0, splice);
        int at = splice;
        System.arraycopy(BEFORE, 0, out, at, BEFORE.length);
        at += BEFORE.length;
        System.arraycopy(number, 0, out, at, number.length);
        at += number.length;
        out[at++] = '"';
        if (more) {
            out[at++] = ',';
        }
        System.arraycopy(bytes, splice, out, at, bytes.length - splice);
        return out;
    }

    private static byte[] digits(long revision) {
        return Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes the object with its resourceVersion.
     *
     * @param revision the revision that wrote it
     * @param head what the object starts with and is not to be written, as lists leave apiVersion and kind out of their items; empty for nothing
     * @param out where to
     * @throws IOException if that fails
     */
    public void write(long revision, byte[] head, OutputStream out) throws IOException {
        int from = head.length > 0 && startsWith(head) ? head.length : 0;
        if (from > 0) {
            out.write('{');
        }
        if (splice < 0) {
            out.write(bytes, from, bytes.length - from);
            return;
        }
        out.write(bytes, from, splice - from);
        out.write(BEFORE);
        out.write(digits(revision));
        out.write('"');
        if (bytes[splice] != '}') {
            out.write(',');
        }
        out.write(bytes, splice, bytes.length - splice);
    }

    private boolean startsWith(byte[] head) {
        return bytes.length > head.length && Arrays.equals(bytes, 0, head.length, head, 0, head.length);
    }
}
