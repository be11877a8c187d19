package dev.kite.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Cuts a jar's native libraries to those of the target. */
final class NativeLibraries {
    private NativeLibraries() {}

    static void keepOnly(Path jar, Path copy, String prefix, String kept) throws IOException {
        try (JarFile from = new JarFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
            Enumeration<JarEntry> entries = from.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.startsWith(prefix) && !name.startsWith(kept) && !kept.startsWith(name)) {
                    continue;
                }
                ZipEntry written = new ZipEntry(name);
                written.setTime(entry.getTime());
                to.putNextEntry(written);
                try (InputStream content = from.getInputStream(entry)) {
                    content.transferTo(to);
                }
                to.closeEntry();
            }
        }
    }
}
