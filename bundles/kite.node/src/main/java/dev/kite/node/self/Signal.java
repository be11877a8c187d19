package dev.kite.node.self;

import org.jspecify.annotations.Nullable;

/** What the kubelet measures to see whether it runs short. */
enum Signal {
    MEMORY("memory.available", "memory", "MemoryPressure"),
    NODE_DISK("nodefs.available", "ephemeral-storage", "DiskPressure"),
    NODE_INODES("nodefs.inodesFree", "inodes", "DiskPressure"),
    IMAGE_DISK("imagefs.available", "ephemeral-storage", "DiskPressure"),
    IMAGE_INODES("imagefs.inodesFree", "inodes", "DiskPressure"),
    PIDS("pid.available", "pids", "PIDPressure");

    private final String word;
    private final String resource;
    private final String condition;

    Signal(String word, String resource, String condition) {
        this.word = word;
        this.resource = resource;
        this.condition = condition;
    }

    /** Its name in arguments. */
    String word() {
        return word;
    }

    /** What is short, as eviction messages call it. */
    String resource() {
        return resource;
    }

    /** The Node's condition that says so. */
    String condition() {
        return condition;
    }

    boolean isDisk() {
        return condition.equals("DiskPressure");
    }

    static @Nullable Signal of(String word) {
        for (Signal signal : values()) {
            if (signal.word.equals(word)) {
                return signal;
            }
        }
        return null;
    }
}
