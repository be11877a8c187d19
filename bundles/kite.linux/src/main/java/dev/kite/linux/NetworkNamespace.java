package dev.kite.linux;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace. {@link #call} runs code in it on a platform thread that lives only for the call, so no other thread is ever in a foreign namespace.
 * Sockets, channels and netlink connections opened by the code stay in the namespace after the call, and so do processes that it starts.
 * Immutable and thread-safe but for {@link #close}.
 */
public final class NetworkNamespace implements AutoCloseable {
    /** Where named namespaces are, as iproute2 has them. */
    public static final Path NAMED = Path.of("/run/netns");

    private final Path path;
    private final int held;

    private NetworkNamespace(Path path, int held) {
        this.path = path;
        this.held = held;
    }

    /**
     * A namespace by its file.
     *
     * @param path for example {@code /run/netns/NAME} or {@code /proc/PID/ns/net}
     * @return the namespace; opened anew by each call, so the file must stay
     */
    public static NetworkNamespace at(Path path) {
        return new NetworkNamespace(path, -1);
    }

    /**
     * A namespace by its name.
     *
     * @param name the name below {@link #NAMED}
     * @return the namespace
     */
    public static NetworkNamespace named(String name) {
        return at(NAMED.resolve(name));
    }

    /** @return the namespace of this process */
    public static NetworkNamespace own() {
        return at(Path.of("/proc/self/ns/net"));
    }

    /**
     * Creates a named namespace that outlives this process; only its {@code lo} is in it, and down.
     *
     * @param name the name below {@link #NAMED}
     * @return the namespace; closing it does not delete it
     * @throws IOException if the name is taken or the process may not
     */
    public static NetworkNamespace create(String name) throws IOException {
        Files.createDirectories(NAMED);
        Path file = NAMED.resolve(name);
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("network namespace " + name + " exists", e);
        }
        try {
            onThread(null, () -> {
                Libc.unshare(Libc.CLONE_NEWNET);
                Mounts.bind(Path.of("/proc/thread-self/ns/net"), file);
                return null;
            });
        } catch (Exception e) {
            Files.deleteIfExists(file);
            throw asIo(e);
        }
        return at(file);
    }

    /**
     * Creates a namespace without a name. It lives as long as this object is open, or something is in it.
     *
     * @return the namespace, to be closed
     * @throws IOException if the process may not
     */
    public static NetworkNamespace anonymous() throws IOException {
        try {
            int fd = onThread(null, () -> {
                Libc.unshare(Libc.CLONE_NEWNET);
                return Libc.open(Path.of("/proc/thread-self/ns/net"), Libc.O_RDONLY | Libc.O_CLOEXEC);
            });
            return new NetworkNamespace(Path.of("/proc/self/fd/" + fd), fd);
        } catch (Exception e) {
            throw asIo(e);
        }
    }

    /**
     * Deletes a named namespace; what is in it keeps it alive until it ends. Does nothing where it isn't there.
     *
     * @param name the name below {@link #NAMED}
     * @throws IOException if it can't be unmounted
     */
    public static void delete(String name) throws IOException {
        Path file = NAMED.resolve(name);
        if (Files.exists(file)) {
            try {
                Mounts.unmount(file);
            } catch (ErrnoException e) {
                if (e.errno() != ErrnoException.EINVAL) { // EINVAL: a file without a namespace on it
                    throw e;
                }
            }
            Files.deleteIfExists(file);
        }
    }

    /** @return the file that stands for it */
    public Path path() {
        return path;
    }

    /**
     * Runs code in the namespace. The code must not hand work to other threads, which are elsewhere.
     *
     * @param <T> what the code returns
     * @param code the code
     * @return what the code returned
     * @throws Exception what the code threw, or {@link ErrnoException} if the namespace can't be entered
     */
    public <T extends @Nullable Object> T call(Callable<T> code) throws Exception {
        return onThread(this, code);
    }

    private static <T extends @Nullable Object> T onThread(@Nullable NetworkNamespace into, Callable<T> code)
            throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Thread thread = Thread.ofPlatform().name("netns").daemon().unstarted(() -> {
            try {
                Thread.currentThread().setContextClassLoader(loader);
                if (into != null) {
                    into.enter();
                }
                result.complete(code.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        thread.start();
        try {
            return result.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private void enter() throws IOException {
        int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC);
        try {
            Libc.setns(fd, Libc.CLONE_NEWNET);
        } finally {
            Libc.close(fd);
        }
    }

    private static IOException asIo(Exception e) {
        if (e instanceof IOException io) {
            return io;
        }
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new IOException(e);
    }

    /** Lets go of an anonymous namespace; does nothing to others. */
    @Override
    public void close() throws IOException {
        if (held >= 0) {
            Libc.close(held);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
