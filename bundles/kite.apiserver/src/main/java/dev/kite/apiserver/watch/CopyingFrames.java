package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.storage.View;
import dev.kite.store.Entry;
import java.io.IOException;
import java.io.OutputStream;

/** JSON events whose objects are stored bytes, copied with their resourceVersion spliced in. */
final class CopyingFrames implements Frames {
    private static final byte[] NO_HEAD = new byte[0];

    private final OutputStream out;

    CopyingFrames(OutputStream out) {
        this.out = out;
    }

    @Override
    public void stored(Type type, Entry entry, View view, long revision) throws IOException {
        out.write(Frames.start(type));
        view.write(revision, NO_HEAD, out);
        out.write(END);
    }

    @Override
    public void tree(Type type, ObjectNode object) throws IOException {
        out.write(Frames.start(type));
        out.write(Trees.write(object));
        out.write(END);
    }
}
