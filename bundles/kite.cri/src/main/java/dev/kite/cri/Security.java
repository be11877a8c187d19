package dev.kite.cri;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox's or container's processes run as and may do.
 *
 * @param privileged whether nothing is held back
 * @param runAsUser the user's id, null for the image's
 * @param runAsUserName the user's name, where the id is not known; empty for none
 * @param runAsGroup the group's id, null for the image's
 * @param supplementalGroups more groups
 * @param strictGroups whether the image's own groups of the user are left out
 * @param readOnlyRoot whether the root file system can't be written
 * @param noNewPrivileges whether set-user-id programs gain nothing
 * @param addCapabilities capabilities without CAP_, or ALL
 * @param dropCapabilities capabilities without CAP_, or ALL
 * @param seLinux the SELinux context, null for the runtime's
 * @param seccomp the system call filter, null for none asked
 * @param appArmor the AppArmor profile, null for none asked
 * @param maskedPaths what of /proc is hidden
 * @param readOnlyPaths what of /proc can't be written
 */
public record Security(
        boolean privileged,
        @Nullable Long runAsUser,
        String runAsUserName,
        @Nullable Long runAsGroup,
        List<Long> supplementalGroups,
        boolean strictGroups,
        boolean readOnlyRoot,
        boolean noNewPrivileges,
        List<String> addCapabilities,
        List<String> dropCapabilities,
        @Nullable SeLinux seLinux,
        @Nullable Profile seccomp,
        @Nullable Profile appArmor,
        List<String> maskedPaths,
        List<String> readOnlyPaths) {
    /** Nothing asked. */
    public static final Security NONE = new Security(
            false, null, "", null, List.of(), false, false, false, List.of(), List.of(), null, null, null, List.of(),
            List.of());

    /** Copies the lists. */
    public Security {
        supplementalGroups = List.copyOf(supplementalGroups);
        addCapabilities = List.copyOf(addCapabilities);
        dropCapabilities = List.copyOf(dropCapabilities);
        maskedPaths = List.copyOf(maskedPaths);
        readOnlyPaths = List.copyOf(readOnlyPaths);
    }

    /**
     * An SELinux context; empty parts are the runtime's.
     *
     * @param user the user
     * @param role the role
     * @param type the type
     * @param level the level
     */
    public record SeLinux(String user, String role, String type, String level) {}

    /**
     * A seccomp or AppArmor profile.
     *
     * @param kind which
     * @param localhost the profile's file or name for LOCALHOST
     */
    public record Profile(Kind kind, String localhost) {
        /** Which profile. */
        public enum Kind {
            /** The runtime's own. */
            RUNTIME_DEFAULT,
            /** None. */
            UNCONFINED,
            /** One of this machine. */
            LOCALHOST
        }
    }
}
