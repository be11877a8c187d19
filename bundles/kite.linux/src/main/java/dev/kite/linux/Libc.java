package dev.kite.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The C library's functions that this bundle calls. Each method is one call; it throws {@link ErrnoException} where the call returns -1. Calls block the carrier
 * of a virtual thread, so only short ones are here.
 */
@SuppressWarnings("restricted") // the launcher grants native access
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int CLONE_NEWNET = 0x40000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_FIELD = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle OPEN = function("open", INT, POINTER, INT);
    private static final MethodHandle CLOSE = function("close", INT, INT);
    private static final MethodHandle SETNS = function("setns", INT, INT, INT);
    private static final MethodHandle UNSHARE = function("unshare", INT, INT);
    private static final MethodHandle MOUNT = function("mount", INT, POINTER, POINTER, POINTER, LONG, POINTER);
    private static final MethodHandle UMOUNT = function("umount2", INT, POINTER, INT);
    private static final MethodHandle KILL = function("kill", INT, INT, INT);
    private static final MethodHandle FLOCK = function("flock", INT, INT, INT);
    private static final MethodHandle STATFS = function("statfs", INT, POINTER, POINTER);
    private static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = function("bind", INT, INT, POINTER, INT);
    private static final MethodHandle SETSOCKOPT = function("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle SENDTO = function("sendto", LONG, INT, POINTER, LONG, INT, POINTER, INT);
    private static final MethodHandle RECV = function("recv", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle GETEUID =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("geteuid"), FunctionDescriptor.of(INT));
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(POINTER, INT));

    private Libc() {}

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), ERRNO);
    }

    /** A call with room for errno as its first argument. */
    @FunctionalInterface
    private interface Call {
        long invoke(MemorySegment state) throws Throwable;
    }

    private static long check(String what, Call call) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result;
            try {
                do {
                    result = call.invoke(state);
                } while (result == -1 && (int) ERRNO_FIELD.get(state, 0L) == ErrnoException.EINTR);
            } catch (Throwable failure) {
                throw new AssertionError(what, failure);
            }
            if (result == -1) {
                throw new ErrnoException(what, (int) ERRNO_FIELD.get(state, 0L));
            }
            return result;
        }
    }

    static int open(Path path, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            return (int) check("open " + path, state -> (int) OPEN.invokeExact(state, name, flags));
        }
    }

    static void close(int fd) throws ErrnoException {
        check("close " + fd, state -> (int) CLOSE.invokeExact(state, fd));
    }

    static void setns(int fd, int type) throws ErrnoException {
        check("setns", state -> (int) SETNS.invokeExact(state, fd, type));
    }

    static void unshare(int flags) throws ErrnoException {
        check("unshare", state -> (int) UNSHARE.invokeExact(state, flags));
    }

    static void mount(String source, Path target, String type, long flags, String data) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(source);
            MemorySegment on = arena.allocateFrom(target.toString());
            MemorySegment kind = arena.allocateFrom(type);
            MemorySegment options = arena.allocateFrom(data);
            check("mount " + source + " on " + target, state ->
                    (int) MOUNT.invokeExact(state, from, on, kind, flags, options));
        }
    }

    static void umount(Path target, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(target.toString());
            check("umount " + target, state -> (int) UMOUNT.invokeExact(state, name, flags));
        }
    }

    static void kill(int pid, int signal) throws ErrnoException {
        check("kill " + pid, state -> (int) KILL.invokeExact(state, pid, signal));
    }

    static void flock(int fd, int operation) throws ErrnoException {
        check("flock", state -> (int) FLOCK.invokeExact(state, fd, operation));
    }

    static void statfs(Path path, MemorySegment into) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            check("statfs " + path, state -> (int) STATFS.invokeExact(state, name, into));
        }
    }

    static int socket(int family, int type, int protocol) throws ErrnoException {
        return (int) check("socket", state -> (int) SOCKET.invokeExact(state, family, type, protocol));
    }

    static void bind(int fd, MemorySegment address) throws ErrnoException {
        int length = (int) address.byteSize();
        check("bind", state -> (int) BIND.invokeExact(state, fd, address, length));
    }

    static void setsockopt(int fd, int level, int option, MemorySegment value) throws ErrnoException {
        int length = (int) value.byteSize();
        check("setsockopt", state -> (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, length));
    }

    static void sendto(int fd, MemorySegment message, MemorySegment address) throws ErrnoException {
        long size = message.byteSize();
        int length = (int) address.byteSize();
        check("sendto", state -> (long) SENDTO.invokeExact(state, fd, message, size, 0, address, length));
    }

    static int recv(int fd, MemorySegment into) throws ErrnoException {
        long size = into.byteSize();
        return (int) check("recv", state -> (long) RECV.invokeExact(state, fd, into, size, 0));
    }

    static int geteuid() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable failure) {
            throw new AssertionError("geteuid", failure);
        }
    }

    static String describe(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(1024).getString(0) + " (errno " + errno + ")";
        } catch (Throwable failure) {
            throw new AssertionError("strerror", failure);
        }
    }
}
