package dev.kite.cli.bench;

import dev.kite.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Memory and CPU of a process and all below it, from /proc (proc(5)). */
final class ProcessTree {
    private static final double TICKS_PER_SECOND = 100;

    private final int root;

    ProcessTree(long root) {
        this.root = Math.toIntExact(root);
    }

    /**
     * What the tree uses.
     *
     * @param rssBytes resident memory, shared pages counted in each process
     * @param pssBytes resident memory, shared pages divided among those who share them
     * @param cpuSeconds CPU time used so far
     * @param processes how many processes
     * @param threads how many threads of the kernel
     */
    record Use(long rssBytes, long pssBytes, double cpuSeconds, int processes, int threads) {}

    Use read() throws IOException {
        long rss = 0;
        long pss = 0;
        long ticks = 0;
        int threads = 0;
        Set<Integer> tree = members();
        for (int pid : tree) {
            Path process = Path.of("/proc", Integer.toString(pid));
            try {
                for (String line : Files.readAllLines(process.resolve("smaps_rollup"))) {
                    if (line.startsWith("Rss:")) {
                        rss += kilobytes(line);
                    } else if (line.startsWith("Pss:")) {
                        pss += kilobytes(line);
                    }
                }
                String stat = Files.readString(process.resolve("stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                threads += Integer.parseInt(fields[17]);
            } catch (NoSuchFileException e) {
                // It ended between the two looks; it uses nothing now.
            }
        }
        return new Use(rss * 1024, pss * 1024, ticks / TICKS_PER_SECOND, tree.size(), threads);
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D+", ""));
    }

    private Set<Integer> members() throws IOException {
        Set<Integer> members = new HashSet<>(Set.of(root));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (int pid : Processes.list()) {
                var info = Processes.find(pid);
                if (info.isPresent() && members.contains(info.get().parent()) && members.add(pid)) {
                    grew = true;
                }
            }
        }
        return members;
    }
}
