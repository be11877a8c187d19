package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Reads and writes ResourceQuotas for their rule. Thread-safe. */
public interface QuotaObjects {
    /**
     * Lists a namespace's quotas.
     *
     * @param namespace the namespace
     * @return the quotas with their resourceVersions
     */
    List<ObjectNode> list(String namespace);

    /**
     * Writes a quota's status.
     *
     * @param quota the quota as it shall be, with the resourceVersion that was read
     * @return false if another wrote it meanwhile, or it is gone
     */
    boolean replace(ObjectNode quota);
}
