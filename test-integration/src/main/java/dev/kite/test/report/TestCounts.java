package dev.kite.test.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The outcomes in Surefire's reports below a folder.
 *
 * @param passed how many tests passed
 * @param failures the others that ran, a line each
 * @param skips those that did not run, a line each with the reason
 * @param repeated those that passed at the second try only, a line each with what failed at the first
 */
record TestCounts(int passed, List<String> failures, List<String> skips, List<String> repeated) {
    TestCounts {
        failures = List.copyOf(failures);
        skips = List.copyOf(skips);
        repeated = List.copyOf(repeated);
    }

    static TestCounts read(Path root) throws IOException {
        Reader reader = new Reader();
        try (Stream<Path> tree = Files.walk(root, 6)) {
            List<Path> reports = tree.filter(path -> path.toString().contains("/target/surefire-reports/TEST-"))
                    .filter(path -> path.toString().endsWith(".xml"))
                    .sorted()
                    .toList();
            for (Path file : reports) {
                reader.read(file);
            }
        }
        return new TestCounts(reader.passed, reader.failures, reader.skips, reader.repeated);
    }

    boolean succeeded() {
        return failures.isEmpty() && passed > 0;
    }

    void print() {
        repeated.forEach(line -> System.out.println("passed at the second try: " + line));
        skips.forEach(line -> System.out.println("skipped: " + line));
        failures.forEach(line -> System.out.println("failed: " + line));
        System.out.printf("%d passed, %d failed, %d skipped%n", passed, failures.size(), skips.size());
    }

    private static final class Reader {
        private final List<String> failures = new ArrayList<>();
        private final List<String> skips = new ArrayList<>();
        private final List<String> repeated = new ArrayList<>();
        private int passed;

        private void read(Path file) throws IOException {
            NodeList cases = parse(file).getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                String name = test.getAttribute("classname") + "#" + test.getAttribute("name");
                if (has(test, "failure") || has(test, "error")) {
                    failures.add(name + ": " + message(test, has(test, "failure") ? "failure" : "error"));
                } else if (has(test, "skipped")) {
                    skips.add(name + ": " + message(test, "skipped"));
                } else {
                    passed++;
                    if (has(test, "flakyFailure") || has(test, "flakyError")) {
                        repeated.add(
                                name + ": " + message(test, has(test, "flakyFailure") ? "flakyFailure" : "flakyError"));
                    }
                }
            }
        }

        private static Document parse(Path file) throws IOException {
            try {
                DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
                factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
                return factory.newDocumentBuilder().parse(file.toFile());
            } catch (ParserConfigurationException | SAXException e) {
                throw new IOException("the report " + file + " can't be read", e);
            }
        }

        private static boolean has(Element test, String child) {
            return test.getElementsByTagName(child).getLength() > 0;
        }

        private static String message(Element test, String child) {
            Element element = (Element) test.getElementsByTagName(child).item(0);
            String message = element.getAttribute("message");
            return message.lines().findFirst().orElse("no reason given");
        }
    }
}
