package dev.kite.apiserver.audit;

import java.io.ByteArrayOutputStream;

/** A copy of a body as it passes, up to a bound; what is larger is forgotten whole. */
final class Captured {
    /** The API's own bound of a request's body. */
    static final int BOUND = 3 * 1024 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private boolean tooLarge;

    void add(byte[] from, int offset, int length) {
        if (tooLarge || length <= 0) {
            return;
        }
        if (bytes.size() + length > BOUND) {
            tooLarge = true;
            bytes.reset();
            return;
        }
        bytes.write(from, offset, length);
    }

    boolean tooLarge() {
        return tooLarge;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
