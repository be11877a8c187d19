package dev.kite.cli.certificate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** How certificates are shown. */
enum CertificateForm {
    /** A line each under its service. */
    text {
        @Override
        String render(List<CertificateEntry> entries, Instant now) {
            StringBuilder text = new StringBuilder();
            String service = "";
            for (CertificateEntry entry : entries) {
                if (!entry.service().equals(service)) {
                    service = entry.service();
                    text.append("Checking certificates for ").append(service).append('\n');
                }
                text.append("  ")
                        .append(entry.file())
                        .append(": certificate ")
                        .append(entry.subject())
                        .append(words(entry, now))
                        .append('\n');
            }
            return text.toString();
        }
    },
    /** Columns. */
    table {
        @Override
        String render(List<CertificateEntry> entries, Instant now) {
            String form = "%-32s %-40s %-22s %-22s %-20s %s%n";
            StringBuilder text = new StringBuilder(
                    String.format(form, "FILENAME", "SUBJECT", "USAGES", "EXPIRES", "RESIDUAL TIME", "STATUS"));
            for (CertificateEntry entry : entries) {
                text.append(String.format(
                        form,
                        entry.file().getFileName(),
                        entry.commonName(),
                        String.join(",", entry.usages()),
                        entry.expires(),
                        entry.left(now),
                        entry.status(now)));
            }
            return text.toString();
        }
    },
    /** An array. */
    json {
        @Override
        String render(List<CertificateEntry> entries, Instant now) throws IOException {
            ObjectMapper mapper = new ObjectMapper();
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree(mapper, entries, now)) + "\n";
        }
    },
    /** A sequence. */
    yaml {
        @Override
        String render(List<CertificateEntry> entries, Instant now) throws IOException {
            return new YAMLMapper().writeValueAsString(tree(new ObjectMapper(), entries, now));
        }
    };

    abstract String render(List<CertificateEntry> entries, Instant now) throws IOException;

    private static String words(CertificateEntry entry, Instant now) {
        return switch (entry.status(now)) {
            case OK -> " is ok, expires at " + entry.expires();
            case WARNING -> " will expire within 120 days at " + entry.expires() + "; restart the server to renew it";
            case EXPIRED -> " expired at " + entry.expires() + "; restart the server to renew it";
            case NOT_YET_VALID -> " is not valid before " + entry.starts() + "; check the clock";
        };
    }

    private static ArrayNode tree(ObjectMapper mapper, List<CertificateEntry> entries, Instant now) {
        ArrayNode array = mapper.createArrayNode();
        for (CertificateEntry entry : entries) {
            ObjectNode node = array.addObject()
                    .put("service", entry.service())
                    .put("file", entry.file().toString())
                    .put("subject", entry.subject());
            ArrayNode usages = node.putArray("usages");
            entry.usages().forEach(usages::add);
            node.put("expires", entry.expires().toString())
                    .put("residualTime", entry.left(now))
                    .put("status", entry.status(now).toString());
        }
        return array;
    }
}
