package dev.kite.node.self;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The pods' network on this node as a CNI configuration: a bridge, addresses of the node's pod network, host ports. Pods reach other nodes' pods by routes that another feature
 * sets. Pure but for {@link #write}.
 *
 * @param podNetworks the node's pod networks, IPv4 first
 * @param clusterNetworks the cluster's pod networks
 * @param mtu the largest packet on the bridge
 * @param leases where given addresses are noted
 */
record CniConfig(List<String> podNetworks, List<String> clusterNetworks, int mtu, Path leases) {
    private static final String FILE = "10-flannel.conflist";

    String render() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.put("name", "cbr0");
        root.put("cniVersion", "1.0.0");
        ArrayNode plugins = root.putArray("plugins");
        ObjectNode bridge = plugins.addObject();
        bridge.put("type", "bridge");
        bridge.put("bridge", "cni0");
        bridge.put("isDefaultGateway", true);
        bridge.put("hairpinMode", true);
        bridge.put("ipMasq", false);
        bridge.put("mtu", mtu);
        ObjectNode ipam = bridge.putObject("ipam");
        ipam.put("type", "host-local");
        ipam.put("dataDir", leases.toString());
        ArrayNode ranges = ipam.putArray("ranges");
        podNetworks.forEach(network -> ranges.addArray().addObject().put("subnet", network));
        ArrayNode routes = ipam.putArray("routes");
        clusterNetworks.forEach(network -> routes.addObject().put("dst", network));
        ObjectNode portmap = plugins.addObject();
        portmap.put("type", "portmap");
        portmap.putObject("capabilities").put("portMappings", true);
        return root.toPrettyString() + "\n";
    }

    /** Writes the file whole or not at all; returns whether it changed. */
    boolean write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        String text = render();
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return false;
        }
        Path fresh = folder.resolve(FILE + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }
}
