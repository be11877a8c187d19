package dev.kite.cli.bench;

import dev.kite.cli.client.ApiAccess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a server has used until now: of its process tree where its process is known, else by its own words in /metrics
 * ({@code process_cpu_seconds_total} and {@code process_resident_memory_bytes}, which upstream's components serve too).
 */
interface ServerUse {
    /** @return seconds of CPU time since it started; empty where the server does not say */
    OptionalDouble cpuSeconds() throws IOException, InterruptedException;

    /** @return bytes of memory that it holds now; empty where the server does not say */
    OptionalDouble residentBytes() throws IOException, InterruptedException;

    /**
     * Chooses the source.
     *
     * @param access the server's API
     * @param pid its process on this machine, if that is known
     * @return what reads its use
     */
    static ServerUse of(ApiAccess access, @Nullable Long pid) {
        return pid == null ? new Metrics(access) : new Tree(new ProcessTree(pid));
    }

    /** By /proc. */
    record Tree(ProcessTree tree) implements ServerUse {
        @Override
        public OptionalDouble cpuSeconds() throws IOException {
            return OptionalDouble.of(tree.read().cpuSeconds());
        }

        @Override
        public OptionalDouble residentBytes() throws IOException {
            return OptionalDouble.of((double) tree.read().rssBytes());
        }
    }

    /** By /metrics. */
    record Metrics(ApiAccess access) implements ServerUse {
        @Override
        public OptionalDouble cpuSeconds() throws IOException, InterruptedException {
            return sample("process_cpu_seconds_total");
        }

        @Override
        public OptionalDouble residentBytes() throws IOException, InterruptedException {
            return sample("process_resident_memory_bytes");
        }

        private OptionalDouble sample(String name) throws IOException, InterruptedException {
            HttpResponse<byte[]> answer = access.get("/metrics");
            return answer.statusCode() == 200
                    ? parse(new String(answer.body(), StandardCharsets.UTF_8), name)
                    : OptionalDouble.empty();
        }

        /** Reads a sample without labels from Prometheus' text format. */
        static OptionalDouble parse(String text, String name) {
            return text.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length() + 1).strip().split(" ")[0])
                    .filter(value -> value.matches("[0-9.]+([eE][-+]?[0-9]+)?"))
                    .mapToDouble(Double::parseDouble)
                    .findFirst();
        }
    }
}
