package dev.kite.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * How full a file system is (statfs(2)).
 *
 * @param type the file system's magic number, for example 0x01021994 for tmpfs, 0x63677270 for cgroup v2
 * @param capacityBytes its size
 * @param freeBytes what is free, also what only root may use
 * @param availableBytes what is free to all
 * @param inodes how many files it can hold, 0 where it has no limit
 * @param inodesFree how many more
 */
public record FileSystemUsage(
        long type, long capacityBytes, long freeBytes, long availableBytes, long inodes, long inodesFree) {
    /**
     * Asks the kernel.
     *
     * @param path any file in the file system
     * @return its usage
     * @throws IOException if the path isn't there
     */
    public static FileSystemUsage of(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            // struct statfs of 64-bit Linux: 8-byte words type, bsize, blocks, bfree, bavail, files, ffree, fsid,
            // namelen, frsize, flags, 4 spare
            MemorySegment words = arena.allocate(8 * 15, 8);
            Libc.statfs(path, words);
            long size = word(words, 1);
            return new FileSystemUsage(
                    word(words, 0),
                    word(words, 2) * size,
                    word(words, 3) * size,
                    word(words, 4) * size,
                    word(words, 5),
                    word(words, 6));
        }
    }

    private static long word(MemorySegment words, int index) {
        return words.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    /** @return bytes in use */
    public long usedBytes() {
        return capacityBytes - freeBytes;
    }

    /** @return inodes in use */
    public long inodesUsed() {
        return inodes - inodesFree;
    }
}
