package dev.kite.node.self;

import dev.kite.linux.FileSystemUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this machine is.
 *
 * @param cpus how many CPUs this process may use
 * @param memory its memory in bytes
 * @param hugePages bytes of huge pages by their size in bytes
 * @param disk the size of the file system that holds the kubelet's folder
 * @param machineId /etc/machine-id
 * @param systemUuid the firmware's id, the machine's where that can't be read
 * @param bootId this boot's id
 * @param kernel the kernel's release
 * @param os the distribution's name
 * @param architecture as Go names it
 */
record Machine(
        int cpus,
        long memory,
        Map<Long, Long> hugePages,
        long disk,
        String machineId,
        String systemUuid,
        String bootId,
        String kernel,
        String os,
        String architecture) {
    static Machine read(Path kubeletRoot) throws IOException {
        Files.createDirectories(kubeletRoot);
        String machineId = text("/etc/machine-id");
        String uuid = text("/sys/class/dmi/id/product_uuid");
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                memory(Files.readString(Path.of("/proc/meminfo"))),
                readHugePages(),
                FileSystemUsage.of(kubeletRoot).capacityBytes(),
                machineId,
                uuid.isEmpty() ? machineId : uuid,
                text("/proc/sys/kernel/random/boot_id"),
                text("/proc/sys/kernel/osrelease"),
                prettyName(text("/etc/os-release")),
                architecture(System.getProperty("os.arch", "")));
    }

    /** A file's text; empty where it isn't there or may not be read, as in containers. */
    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    static long memory(String meminfo) {
        for (String line : meminfo.split("\n")) {
            String[] words = line.split("\\s+");
            if (words.length >= 2 && words[0].equals("MemTotal:") && words[1].matches("\\d{1,15}")) {
                return Long.parseLong(words[1]) * 1024;
            }
        }
        return 0;
    }

    private static Map<Long, Long> readHugePages() throws IOException {
        Map<Long, Long> pages = new TreeMap<>();
        Path folder = Path.of("/sys/kernel/mm/hugepages");
        if (Files.isDirectory(folder)) {
            try (var sizes = Files.newDirectoryStream(folder, "hugepages-*kB")) {
                for (Path size : sizes) {
                    String name = size.getFileName().toString();
                    String kilobytes = name.substring("hugepages-".length(), name.length() - 2);
                    String count = text(size.resolve("nr_hugepages").toString());
                    if (kilobytes.matches("\\d{1,12}") && count.matches("\\d{1,9}")) {
                        long bytes = Long.parseLong(kilobytes) * 1024;
                        pages.put(bytes, bytes * Long.parseLong(count));
                    }
                }
            }
        }
        return pages;
    }

    static String prettyName(String release) {
        for (String line : release.split("\n")) {
            if (line.startsWith("PRETTY_NAME=")) {
                return line.substring("PRETTY_NAME=".length()).replace("\"", "").strip();
            }
        }
        return "Linux";
    }

    static String architecture(String java) {
        return switch (java) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case "arm" -> "arm";
            default -> java;
        };
    }
}
