package dev.kite.http.osgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Makes a bundle of the fixture's classes with their component descriptions. */
final class FixtureBundle {
    private static final String PACKAGE = "dev/kite/http/osgi/fixture/";

    private FixtureBundle() {}

    static Path write(Path jar, String name, List<String> components) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Import-Package", "dev.kite.http,dev.kite.api.http");
        main.putValue("Service-Component", "OSGI-INF/*.xml");
        main.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4.0)(!(version>=2.0.0)))\"");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (String type : List.of("FixtureIdentity", "FixtureRoute", "FixtureGuard")) {
                out.putNextEntry(new ZipEntry(PACKAGE + type + ".class"));
                try (InputStream in = FixtureBundle.class.getResourceAsStream("/" + PACKAGE + type + ".class")) {
                    in.transferTo(out);
                }
            }
            int number = 0;
            for (String component : components) {
                out.putNextEntry(new ZipEntry("OSGI-INF/c" + number++ + ".xml"));
                out.write(component.getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    static String component(String name, String type, String service, String extra, String attributes) {
        return "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" name=\"" + name + "\" " + attributes
                + "><implementation class=\"dev.kite.http.osgi.fixture." + type + "\"/>" + extra
                + "<service><provide interface=\"" + service + "\"/></service></scr:component>";
    }

    static String guard(int order) {
        return component(
                "guard" + order,
                "FixtureGuard",
                "dev.kite.api.http.HttpFilter",
                "<property name=\"order\" type=\"Integer\" value=\"" + order + "\"/>",
                "init=\"1\"");
    }
}
