package dev.kite.model.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads resources.tsv, which tells its own form. */
final class ResourceTable {
    private static final List<String> ALL =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> SUB = List.of("get", "patch", "update");

    private ResourceTable() {}

    static List<ResourceInfo> read(BufferedReader in) throws IOException {
        List<ResourceInfo> resources = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                resources.add(row(line.split("\t")));
            }
        }
        return List.copyOf(resources);
    }

    private static ResourceInfo row(String[] cell) {
        String group = cell[0].equals("-") ? "" : cell[0];
        List<ResourceInfo.Subresource> subresources = new ArrayList<>();
        for (String text : cell[9].equals("-") ? new String[0] : cell[9].split(" ")) {
            subresources.add(subresource(text, group, cell[1], cell[4]));
        }
        return new ResourceInfo(
                group,
                cell[1],
                cell[2],
                cell[3],
                cell[4],
                cell[5].equals("Namespaced"),
                cell[6].equals("all") ? ALL : list(cell[6]),
                list(cell[7]),
                list(cell[8]),
                List.copyOf(subresources));
    }

    private static ResourceInfo.Subresource subresource(String text, String group, String version, String kind) {
        int colon = text.indexOf(':');
        List<String> verbs = colon < 0 ? SUB : list(text.substring(colon + 1));
        String head = colon < 0 ? text : text.substring(0, colon);
        int equals = head.indexOf('=');
        if (equals < 0) {
            return new ResourceInfo.Subresource(head, group, version, kind, verbs);
        }
        String name = head.substring(0, equals);
        String[] gvk = head.substring(equals + 1).split("/");
        return gvk.length == 1
                ? new ResourceInfo.Subresource(name, group, version, gvk[0], verbs)
                : new ResourceInfo.Subresource(name, gvk[0], gvk[1], gvk[2], verbs);
    }

    private static List<String> list(String cell) {
        return cell.equals("-") ? List.of() : List.of(cell.split(","));
    }
}
