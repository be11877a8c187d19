package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Statuses that tell of success. */
public final class Outcomes {
    private Outcomes() {}

    /**
     * An object is gone.
     *
     * @param group its group, empty for core
     * @param plural its resource
     * @param name its name
     * @param uid its uid
     * @return the Status
     */
    public static ObjectNode deleted(String group, String plural, String name, String uid) {
        ObjectNode status = StatusException.status("Success", null, "", 0);
        status.remove("code");
        ObjectNode details = status.putObject("details");
        details.put("name", name);
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", plural).put("uid", uid);
        return status;
    }

    /**
     * All is well.
     *
     * @param code the HTTP status code
     * @return the Status
     */
    public static ObjectNode success(int code) {
        return StatusException.status("Success", null, "", code);
    }
}
