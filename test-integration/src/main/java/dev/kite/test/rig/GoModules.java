package dev.kite.test.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Files of Go modules, fetched by the go command as the environment has it set up, and kept where it keeps them. */
public final class GoModules {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long MOST_BYTES = 4 << 20;

    private GoModules() {}

    /**
     * Reads files of a module.
     *
     * @param module its path and version, with an @ between
     * @param wanted tells by a file's path in the module whether it is read
     * @return the files' texts by path
     * @throws ClientTools.Unavailable where the go command is missing, or the module can't be had
     */
    public static Map<String, String> files(String module, Predicate<String> wanted) throws ClientTools.Unavailable {
        Map<String, String> found = new TreeMap<>();
        String folder = module + "/";
        try (InputStream in = Files.newInputStream(archive(module));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String path = entry.getName().startsWith(folder)
                        ? entry.getName().substring(folder.length())
                        : entry.getName();
                if (!entry.isDirectory() && wanted.test(path)) {
                    byte[] bytes = zip.readNBytes((int) MOST_BYTES);
                    found.put(path, new String(bytes, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new ClientTools.Unavailable(module + " can't be read: " + e.getMessage());
        }
        return found;
    }

    private static Path archive(String module) throws ClientTools.Unavailable {
        Execution execution;
        try {
            execution = Execution.run(List.of("go", "mod", "download", "-json", module), "", Map.of(), PATIENCE);
        } catch (java.io.UncheckedIOException e) {
            throw new ClientTools.Unavailable("go: " + e.getMessage());
        }
        try {
            JsonNode answer = new ObjectMapper().readTree(execution.output());
            // A module for a newer Go is an error to it, and there all the same.
            String zip = answer.path("Zip").asText("");
            if (zip.isEmpty()) {
                throw new ClientTools.Unavailable(module + ": "
                        + answer.path("Error").asText(execution.error().strip()));
            }
            return Path.of(zip);
        } catch (IOException e) {
            throw new ClientTools.Unavailable(module + ": " + execution.error().strip());
        }
    }
}
