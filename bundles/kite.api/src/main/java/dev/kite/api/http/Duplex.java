package dev.kite.api.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bytes both ways: an upgraded connection. One thread may read while another writes. */
public interface Duplex extends Closeable {
    /** @return what the peer sends; end of stream when it has closed its side */
    InputStream input();

    /** @return what is sent to the peer; a flush sends at once */
    OutputStream output();

    /** Closes both sides; readers and writers get an {@link IOException} or end of stream. */
    @Override
    void close() throws IOException;
}
