package dev.kite.cli.bench;

import dev.kite.cli.client.ApiAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs phases against one server: N clients share the objects of a namespace that the driver makes and removes. */
final class Driver implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final int LISTS = 20;

    private final ApiAccess access;
    private final ServerUse use;
    private final Workload workload;
    private final int clients;
    private final int objects;
    private final String namespace;
    private final IntConsumer progress;

    private interface Operation {
        HttpResponse<?> run(int number) throws IOException, InterruptedException;
    }

    private Driver(
            ApiAccess access,
            ServerUse use,
            Workload workload,
            int clients,
            int objects,
            String namespace,
            IntConsumer progress) {
        this.access = access;
        this.use = use;
        this.workload = workload;
        this.clients = clients;
        this.objects = objects;
        this.namespace = namespace;
        this.progress = progress;
    }

    /**
     * Makes the namespace.
     *
     * @param kubeconfig the server
     * @param pid its process, where that is known
     * @param workload which objects
     * @param clients how many requests at once
     * @param objects how many objects
     * @param progress told how many operations of a phase are done
     * @return the driver, to be closed
     */
    static Driver open(
            Path kubeconfig, @Nullable Long pid, Workload workload, int clients, int objects, IntConsumer progress)
            throws IOException, InterruptedException {
        String namespace =
                "kite-bench-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime() & 0xffffff);
        ApiAccess access = ApiAccess.of(kubeconfig);
        Driver driver = new Driver(access, ServerUse.of(access, pid), workload, clients, objects, namespace, progress);
        byte[] body = "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(namespace)
                .getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> made = driver.access.send("POST", "/api/v1/namespaces", JSON, body);
        if (made.statusCode() != 201) {
            throw new IOException(
                    "the namespace for the objects can't be made: " + new String(made.body(), StandardCharsets.UTF_8));
        }
        driver.awaitServiceAccount();
        return driver;
    }

    /** Pods are refused until their namespace has its service account, which a controller makes. */
    private void awaitServiceAccount() throws IOException, InterruptedException {
        String path = "/api/v1/namespaces/" + namespace + "/serviceaccounts/default";
        for (int i = 0; i < 300 && access.get(path).statusCode() != 200; i++) {
            Thread.sleep(100);
        }
    }

    /** @return the memory that the server holds, as far as it says so */
    OptionalDouble residentBytes() throws IOException, InterruptedException {
        return use.residentBytes();
    }

    /** Runs a phase and takes the server's CPU time before and after it. */
    Samples.Summary run(Phase phase, int round) throws InterruptedException, IOException {
        OptionalDouble before = use.cpuSeconds();
        Samples.Summary summary = drive(phase, round);
        OptionalDouble after = use.cpuSeconds();
        return before.isPresent() && after.isPresent()
                ? summary.withCpu(after.getAsDouble() - before.getAsDouble())
                : summary;
    }

    private Samples.Summary drive(Phase phase, int round) throws InterruptedException, IOException {
        return switch (phase) {
            case CREATE ->
                each(
                        objects,
                        number -> access.send("POST", workload.path(namespace), JSON, workload.object(name(number))));
            case GET -> each(objects, number -> access.get(path(number)));
            case LIST -> each(LISTS, _ -> list());
            case WATCH -> watch(round);
            case PATCH ->
                each(
                        objects,
                        number -> access.send(
                                "PATCH", path(number), "application/merge-patch+json", Workload.patch(round)));
            case DELETE ->
                each(
                        objects,
                        number -> access.send(
                                "DELETE",
                                path(number),
                                JSON,
                                "{\"gracePeriodSeconds\":0}".getBytes(StandardCharsets.UTF_8)));
        };
    }

    /** The bytes are dropped as they come: a client that collects megabytes would measure its own heap. */
    private HttpResponse<Void> list() throws IOException, InterruptedException {
        return access.client()
                .send(access.request(workload.path(namespace)).GET().build(), HttpResponse.BodyHandlers.discarding());
    }

    /** The phases in their order. */
    enum Phase {
        CREATE,
        GET,
        LIST,
        PATCH,
        WATCH,
        DELETE
    }

    private static String name(int number) {
        return "object-" + number;
    }

    private String path(int number) {
        return workload.path(namespace) + "/" + name(number);
    }

    private Samples.Summary each(int count, Operation operation) throws InterruptedException {
        Samples samples = new Samples(count);
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int client = 0; client < Math.min(clients, count); client++) {
            threads.add(Thread.ofVirtual().name("bench-client-" + client).start(() -> {
                for (int number; (number = next.getAndIncrement()) < count; ) {
                    measure(samples, operation, number);
                    progress.accept(done.incrementAndGet());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return samples.summary(System.nanoTime() - start);
    }

    private static void measure(Samples samples, Operation operation, int number) {
        long start = System.nanoTime();
        try {
            if (operation.run(number).statusCode() < 300) {
                samples.add(System.nanoTime() - start);
            } else {
                samples.fail();
            }
        } catch (IOException e) {
            samples.fail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Events delivered to N watchers while each object is patched once: latency is the time from the patch's start to the event. */
    private Samples.Summary watch(int round) throws InterruptedException, IOException {
        int watchers = Math.min(clients, 16);
        Samples samples = new Samples(watchers * objects);
        long[] patched = new long[objects];
        CountDownLatch open = new CountDownLatch(watchers);
        CountDownLatch all = new CountDownLatch(watchers * objects);
        List<Watcher> running = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            running.add(new Watcher(samples, patched, open, all));
        }
        running.forEach(Watcher::start);
        open.await();
        long start = System.nanoTime();
        each(objects, number -> {
            patched[number] = System.nanoTime();
            return access.send("PATCH", path(number), "application/merge-patch+json", Workload.patch(1000 + round));
        });
        if (!all.await(60, java.util.concurrent.TimeUnit.SECONDS)) {
            samples.fail();
        }
        Samples.Summary summary = samples.summary(System.nanoTime() - start);
        for (Watcher watcher : running) {
            watcher.close();
        }
        return summary;
    }

    private final class Watcher {
        private final Samples samples;
        private final long[] patched;
        private final CountDownLatch open;
        private final CountDownLatch all;
        private final Thread thread = Thread.ofVirtual().name("bench-watch").unstarted(this::run);
        private volatile boolean closed;

        Watcher(Samples samples, long[] patched, CountDownLatch open, CountDownLatch all) {
            this.samples = samples;
            this.patched = patched;
            this.open = open;
            this.all = all;
        }

        void start() {
            thread.start();
        }

        private void run() {
            try {
                HttpResponse<byte[]> list = access.get(workload.path(namespace) + "?limit=1");
                String version = field(new String(list.body(), StandardCharsets.UTF_8), "\"resourceVersion\":\"");
                String query = "?watch=1&timeoutSeconds=90&resourceVersion=" + version;
                HttpResponse<InputStream> events = access.client()
                        .send(
                                access.request(workload.path(namespace) + query)
                                        .GET()
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                open.countDown();
                read(events.body());
            } catch (IOException e) {
                open.countDown();
                if (!closed) {
                    samples.fail();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void read(InputStream events) throws IOException {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
                for (String line; !closed && (line = reader.readLine()) != null; ) {
                    String name = field(line, "\"name\":\"object-");
                    if (line.startsWith("{\"type\":\"MODIFIED\"") && !name.isEmpty()) {
                        samples.add(System.nanoTime() - patched[Integer.parseInt(name)]);
                        all.countDown();
                    }
                }
            }
        }

        private static String field(String json, String prefix) {
            int at = json.indexOf(prefix);
            return at < 0 ? "" : json.substring(at + prefix.length(), json.indexOf('"', at + prefix.length()));
        }

        void close() {
            closed = true;
            thread.interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            access.send("DELETE", "/api/v1/namespaces/" + namespace, JSON, new byte[0]);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
