package dev.kite.distribution;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Writes {@code sbom.cdx.json} (CycloneDX 1.6), {@code LICENSES.txt} and the parts' own licences and notices into the image. Same inputs, same bytes: no time, no serial number. */
final class BillOfMaterials {
    private final Path image;
    private final List<Component> components;

    private BillOfMaterials(Path image, List<Component> components) {
        this.image = image;
        this.components = List.copyOf(components);
    }

    static void write(Path image, Path table) throws IOException {
        BillOfMaterials bill =
                new BillOfMaterials(image, Components.table(table).of(image.resolve("lib")));
        String java = javaVersion(image.resolve("runtime/release"));
        bill.writeBill(java);
        bill.writeList(java);
        bill.copyNotices();
    }

    private static String javaVersion(Path release) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(release)) {
            properties.load(in);
        }
        return properties.getProperty("JAVA_VERSION").replace("\"", "");
    }

    private void writeBill(String java) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode()
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.6")
                .put("version", 1);
        ObjectNode product = root.putObject("metadata").putObject("component");
        product.put("type", "application").put("bom-ref", "kite").put("name", "kite");
        components.stream()
                .filter(component -> component.group().equals("dev.kite"))
                .findFirst()
                .ifPresent(ours -> product.put("version", ours.version()));
        ArrayNode list = root.putArray("components");
        ObjectNode runtime = list.addObject()
                .put("type", "framework")
                .put("bom-ref", "openjdk")
                .put("name", "openjdk")
                .put("version", java);
        licence(runtime, "GPL-2.0-only WITH Classpath-exception-2.0");
        for (Component component : components) {
            ObjectNode node = list.addObject()
                    .put("type", "library")
                    .put("bom-ref", component.purl() + "#" + component.file())
                    .put("group", component.group())
                    .put("name", component.name())
                    .put("version", component.version());
            if (!component.sha256().isEmpty()) {
                node.putArray("hashes").addObject().put("alg", "SHA-256").put("content", component.sha256());
            }
            licence(node, component.licence());
            node.put("purl", component.purl());
            node.putArray("properties").addObject().put("name", "kite:file").put("value", "lib/" + component.file());
        }
        Files.writeString(image.resolve("sbom.cdx.json"), mapper.writeValueAsString(root) + "\n");
    }

    private static void licence(ObjectNode node, String expression) {
        ObjectNode entry = node.putArray("licenses").addObject();
        if (expression.contains(" ")) {
            entry.put("expression", expression);
        } else {
            entry.putObject("license").put("id", expression);
        }
    }

    private void writeList(String java) throws IOException {
        StringBuilder text = new StringBuilder("What this distribution of Kite contains, and under which licence.\n")
                .append("Licences and notices that the parts bring along are in licenses/ and runtime/legal/.\n\n");
        String form = "%-58s %-60s %s%n";
        text.append(
                String.format(form, "OpenJDK " + java, "GPL-2.0-only WITH Classpath-exception-2.0", "runtime/legal/"));
        for (Component component : components) {
            text.append(String.format(
                    form,
                    component.group() + ":" + component.name() + " " + component.version(),
                    component.licence(),
                    component.copyright().isEmpty() ? "" : "Copyright " + component.copyright()));
        }
        text.append(
                "\nField descriptions of Kubernetes' API in lib/kite.model: Apache-2.0, Copyright The Kubernetes Authors.\n");
        Files.writeString(image.resolve("LICENSES.txt"), text.toString(), StandardCharsets.UTF_8);
    }

    /** The files named LICENSE and NOTICE of each foreign jar, also of deeper folders of its META-INF. */
    private void copyNotices() throws IOException {
        try (Stream<Path> jars = Files.list(image.resolve("lib"))) {
            for (Path path : jars.sorted().toList()) {
                String file = String.valueOf(path.getFileName());
                if (file.startsWith("kite.")) {
                    continue;
                }
                try (JarFile jar = new JarFile(path.toFile())) {
                    for (JarEntry entry : jar.stream().toList()) {
                        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                        boolean notice = !entry.isDirectory() && name.matches("(?i)(.*-)?(license|notice)([.-].*)?");
                        if (notice && !name.endsWith(".class")) {
                            copy(jar, entry, image.resolve("licenses").resolve(file.replace(".jar", "")), name);
                        }
                    }
                }
            }
        }
    }

    private static void copy(JarFile jar, JarEntry entry, Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        try (InputStream in = jar.getInputStream(entry)) {
            Files.write(folder.resolve(name), in.readAllBytes());
        }
    }
}
