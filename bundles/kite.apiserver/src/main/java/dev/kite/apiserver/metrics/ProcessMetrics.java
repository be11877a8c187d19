package dev.kite.apiserver.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.metrics.SampledFamily;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** This process: the names that all Prometheus clients have, and the JVM's in place of Go's. Read when they are told. Thread-safe. */
public final class ProcessMetrics implements MetricSource {
    private static final int PAGE = 4096;

    private final Path proc;
    private final List<SampledFamily> families;

    /**
     * Those of a process.
     *
     * @param proc its folder below /proc
     */
    public ProcessMetrics(Path proc) {
        this.proc = proc;
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        families = List.of(
                SampledFamily.counter(
                        Metric.own("process_cpu_seconds_total", "Processor time of this process, in seconds."),
                        () -> system.getProcessCpuTime() / 1e9),
                SampledFamily.gauge(
                        Metric.own("process_open_fds", "Open file descriptors."), system::getOpenFileDescriptorCount),
                SampledFamily.gauge(
                        Metric.own("process_max_fds", "The most file descriptors that may be open."),
                        system::getMaxFileDescriptorCount),
                SampledFamily.gauge(
                        Metric.own("process_resident_memory_bytes", "Memory of this process that is in RAM."),
                        () -> pages(1)),
                SampledFamily.gauge(
                        Metric.own("process_virtual_memory_bytes", "Address space of this process."), () -> pages(0)),
                SampledFamily.gauge(
                        Metric.own("process_virtual_memory_max_bytes", "The most address space that it may have."),
                        this::addressSpaceLimit),
                SampledFamily.counter(
                        Metric.own("process_network_receive_bytes_total", "Bytes received in this network namespace."),
                        () -> network(0)),
                SampledFamily.counter(
                        Metric.own("process_network_transmit_bytes_total", "Bytes sent in this network namespace."),
                        () -> network(8)),
                SampledFamily.gauge(
                        Metric.own("process_start_time_seconds", "When this process started, in seconds since 1970."),
                        () -> startMillis() / 1e3),
                threads("jvm_threads_current", "Threads, but for virtual ones.", false),
                threads("jvm_threads_daemon", "Daemon threads.", true),
                SampledFamily.gauges(
                        Metric.own("jvm_memory_used_bytes", "Memory in use.", "area"),
                        to -> areas(to::accept, MemoryUsage::getUsed)),
                SampledFamily.gauges(
                        Metric.own("jvm_memory_committed_bytes", "Memory taken from the system.", "area"),
                        to -> areas(to::accept, MemoryUsage::getCommitted)),
                SampledFamily.gauges(
                        Metric.own("jvm_memory_max_bytes", "The most memory; -1 where there is no bound.", "area"),
                        to -> areas(to::accept, MemoryUsage::getMax)),
                SampledFamily.gauges(
                        Metric.own("jvm_memory_pool_used_bytes", "Memory in use, by pool.", "pool"), to -> {
                            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                                to.accept(List.of(pool.getName()), (double)
                                        pool.getUsage().getUsed());
                            }
                        }),
                SampledFamily.gauges(
                        Metric.own("jvm_buffer_pool_used_bytes", "Memory of buffers outside the heap.", "pool"), to -> {
                            for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
                                to.accept(List.of(pool.getName()), (double) pool.getMemoryUsed());
                            }
                        }),
                collections("jvm_gc_collections_total", "Collections.", GarbageCollectorMXBean::getCollectionCount, 1),
                collections(
                        "jvm_gc_collection_seconds_total",
                        "How long collections took.",
                        GarbageCollectorMXBean::getCollectionTime,
                        1000),
                SampledFamily.gauge(
                        Metric.own("jvm_classes_currently_loaded", "Classes that are loaded."),
                        () -> ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()),
                SampledFamily.gauges(
                        Metric.own("jvm_runtime_info", "The JVM; always 1.", "version", "vendor", "runtime"),
                        to -> to.accept(
                                List.of(
                                        Runtime.version().toString(),
                                        System.getProperty("java.vendor", ""),
                                        System.getProperty("java.runtime.name", "")),
                                1.0)));
    }

    private static SampledFamily threads(String name, String help, boolean daemon) {
        return SampledFamily.gauge(
                Metric.own(name, help),
                () -> daemon
                        ? ManagementFactory.getThreadMXBean().getDaemonThreadCount()
                        : ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private interface Told {
        void accept(List<String> labels, Double value);
    }

    private static void areas(Told to, ToLongFunction<MemoryUsage> figure) {
        Map<String, MemoryUsage> areas = Map.of(
                "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage(),
                "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        areas.forEach((area, usage) -> to.accept(List.of(area), (double) figure.applyAsLong(usage)));
    }

    private static SampledFamily collections(
            String name, String help, ToLongFunction<GarbageCollectorMXBean> figure, double unit) {
        return SampledFamily.counters(Metric.own(name, help, "gc"), to -> {
            for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
                to.accept(List.of(collector.getName()), Math.max(0, figure.applyAsLong(collector)) / unit);
            }
        });
    }

    /** @return when this process started, in seconds since 1970 */
    static long startSeconds() {
        return startMillis() / 1000;
    }

    private static long startMillis() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    /** statm: sizes in pages, the whole first, what is resident second. */
    private double pages(int at) {
        try {
            String[] parts = Files.readString(proc.resolve("statm")).strip().split(" ");
            return parts.length > at ? Double.parseDouble(parts[at]) * PAGE : 0;
        } catch (IOException | NumberFormatException _) {
            return Double.NaN;
        }
    }

    private double addressSpaceLimit() {
        try (var lines = Files.lines(proc.resolve("limits"))) {
            String limit = lines.filter(line -> line.startsWith("Max address space"))
                    .findFirst()
                    .map(line ->
                            line.substring("Max address space".length()).strip().split(" +")[0])
                    .orElse("unlimited");
            // 2^64-1, as Go's clients tell what has no limit.
            return limit.equals("unlimited") ? 1.8446744073709552e19 : Double.parseDouble(limit);
        } catch (IOException | NumberFormatException _) {
            return Double.NaN;
        }
    }

    /** net/dev: after an interface's name and colon 16 figures, bytes received first, bytes sent ninth. */
    private double network(int at) {
        try (var lines = Files.lines(proc.resolve("net/dev"))) {
            return lines.filter(line -> line.indexOf(':') > 0)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip().split(" +"))
                    .filter(figures -> figures.length > at)
                    .collect(Collectors.summingDouble(figures -> Double.parseDouble(figures[at])));
        } catch (IOException | NumberFormatException _) {
            return Double.NaN;
        }
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return families;
    }
}
