package dev.kite.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounting (mount(2), umount2(2)) and the table of mounts. Thread-safe: each method is one system call or one read. */
public final class Mounts {
    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_NOEXEC = 8;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_PRIVATE = 1 << 18;
    private static final long MS_SLAVE = 1 << 19;
    private static final long MS_SHARED = 1 << 20;
    private static final int MNT_DETACH = 2;

    /** How mounts below a mount spread to its peers (mount_namespaces(7)). */
    public enum Propagation {
        /** Not at all. */
        PRIVATE(MS_PRIVATE),
        /** From the peers only. */
        SLAVE(MS_SLAVE),
        /** Both ways. */
        SHARED(MS_SHARED);

        private final long flag;

        Propagation(long flag) {
            this.flag = flag;
        }
    }

    private Mounts() {}

    /**
     * Mounts a file system.
     *
     * @param source the device or a name
     * @param target where
     * @param type the file system's type
     * @param readOnly whether writing is refused
     * @param options the file system's own options, comma separated
     * @throws IOException if the kernel refuses
     */
    public static void mount(String source, Path target, String type, boolean readOnly, String options)
            throws IOException {
        Libc.mount(source, target, type, readOnly ? MS_RDONLY : 0, options);
    }

    /**
     * Mounts a tmpfs without devices and set-user-id programs.
     *
     * @param target an empty folder
     * @param bytes its size limit, 0 for the kernel's default (half the memory)
     * @param mode its permissions
     * @throws IOException if the kernel refuses
     */
    public static void tmpfs(Path target, long bytes, int mode) throws IOException {
        String options = "mode=" + Integer.toOctalString(mode) + (bytes > 0 ? ",size=" + bytes : "");
        Libc.mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options);
    }

    /**
     * Makes a file or folder seen at a second place, without what is mounted below it.
     *
     * @param source what
     * @param target an existing file or folder
     * @throws IOException if the kernel refuses
     */
    public static void bind(Path source, Path target) throws IOException {
        Libc.mount(source.toString(), target, "", MS_BIND, "");
    }

    /**
     * As {@link #bind}, with what is mounted below.
     *
     * @param source what
     * @param target an existing file or folder
     * @throws IOException if the kernel refuses
     */
    public static void bindRecursively(Path source, Path target) throws IOException {
        Libc.mount(source.toString(), target, "", MS_BIND | MS_REC, "");
    }

    /**
     * Makes a bind mount read-only.
     *
     * @param target the mount
     * @throws IOException if the kernel refuses
     */
    public static void remountReadOnly(Path target) throws IOException {
        Libc.mount("", target, "", MS_REMOUNT | MS_BIND | MS_RDONLY, "");
    }

    /**
     * Sets how mounts below spread, for the mount and all below.
     *
     * @param target the mount
     * @param propagation how
     * @throws IOException if the kernel refuses
     */
    public static void propagation(Path target, Propagation propagation) throws IOException {
        Libc.mount("", target, "", propagation.flag | MS_REC, "");
    }

    /**
     * Takes the topmost mount away from its place at once, its end comes when nobody uses it (MNT_DETACH).
     *
     * @param target the mount
     * @throws IOException if there is none or the process may not
     */
    public static void unmount(Path target) throws IOException {
        Libc.umount(target, MNT_DETACH);
    }

    /**
     * Unmounts all that is mounted at or below a folder, the deepest first.
     *
     * @param folder the folder
     * @throws IOException if one can't be unmounted
     */
    public static void unmountAll(Path folder) throws IOException {
        List<MountInfo> mounts = list();
        for (int i = mounts.size() - 1; i >= 0; i--) {
            if (mounts.get(i).mountPoint().startsWith(folder)) {
                unmount(mounts.get(i).mountPoint());
            }
        }
    }

    /**
     * Tells whether something is mounted right there.
     *
     * @param path an absolute path without symbolic links
     * @return whether it is a mount point
     * @throws IOException if the table can't be read
     */
    public static boolean isMountPoint(Path path) throws IOException {
        return list().stream().anyMatch(mount -> mount.mountPoint().equals(path));
    }

    /**
     * Reads this process's mounts.
     *
     * @return the mounts in the kernel's order: one lies over or below those before it
     * @throws IOException if the table can't be read
     */
    public static List<MountInfo> list() throws IOException {
        return parse(Files.readString(Path.of("/proc/self/mountinfo")));
    }

    /** Lines that aren't mountinfo's are left out: a newer kernel may add kinds, and one odd line must not hide the others. */
    static List<MountInfo> parse(String text) {
        List<MountInfo> mounts = new ArrayList<>();
        for (String line : text.split("\n")) {
            MountInfo mount = MountInfo.parse(line);
            if (mount != null) {
                mounts.add(mount);
            }
        }
        return List.copyOf(mounts);
    }
}
