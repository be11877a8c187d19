package dev.kite.node.self;

import dev.kite.linux.FileSystemUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Measures what thresholds are about. */
final class Readings {
    private final Path nodeFolder;
    private final Path imageFolder;

    /**
     * @param nodeFolder on the disk of pods' files
     * @param imageFolder on the disk of images
     */
    Readings(Path nodeFolder, Path imageFolder) {
        this.nodeFolder = nodeFolder;
        this.imageFolder = imageFolder;
    }

    Map<Signal, Pressures.Reading> read(Set<Signal> wanted) throws IOException {
        Map<Signal, Pressures.Reading> readings = new EnumMap<>(Signal.class);
        if (wanted.contains(Signal.MEMORY)) {
            String meminfo = Files.readString(Path.of("/proc/meminfo"));
            readings.put(Signal.MEMORY, memory(meminfo));
        }
        if (wanted.contains(Signal.PIDS)) {
            readings.put(
                    Signal.PIDS,
                    pids(
                            Files.readString(Path.of("/proc/loadavg")),
                            Files.readString(Path.of("/proc/sys/kernel/pid_max"))));
        }
        if (wanted.contains(Signal.NODE_DISK) || wanted.contains(Signal.NODE_INODES)) {
            disk(readings, nodeFolder, Signal.NODE_DISK, Signal.NODE_INODES);
        }
        if (wanted.contains(Signal.IMAGE_DISK) || wanted.contains(Signal.IMAGE_INODES)) {
            disk(
                    readings,
                    Files.isDirectory(imageFolder) ? imageFolder : nodeFolder,
                    Signal.IMAGE_DISK,
                    Signal.IMAGE_INODES);
        }
        return readings;
    }

    private static void disk(Map<Signal, Pressures.Reading> readings, Path folder, Signal bytes, Signal inodes)
            throws IOException {
        FileSystemUsage usage = FileSystemUsage.of(folder);
        readings.put(bytes, new Pressures.Reading(usage.availableBytes(), usage.capacityBytes()));
        readings.put(inodes, new Pressures.Reading(usage.inodesFree(), usage.inodes()));
    }

    static Pressures.Reading memory(String meminfo) {
        return new Pressures.Reading(
                Machine.memory(meminfo.replace("MemTotal:", "Else:").replace("MemAvailable:", "MemTotal:")),
                Machine.memory(meminfo));
    }

    /** The fourth word of loadavg is RUNNING/ALL tasks. */
    static Pressures.Reading pids(String loadavg, String most) {
        String[] words = loadavg.strip().split("\\s+");
        String[] tasks = words.length > 3 ? words[3].split("/") : new String[0];
        if (tasks.length < 2 || !tasks[1].matches("\\d{1,9}") || !most.strip().matches("\\d{1,9}")) {
            return new Pressures.Reading(0, 0);
        }
        long all = Long.parseLong(most.strip());
        return new Pressures.Reading(all - Long.parseLong(tasks[1]), all);
    }
}
