package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.model.validation.Names;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Security contexts of containers and of pods. Stateless. */
final class SecurityChecks {
    private static final int SPEC_MAX = 64 * 1024;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern NET_BIOS = Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
    private static final Pattern DOMAIN = Pattern.compile(
            "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");
    private static final Pattern USER_CHARACTERS = Pattern.compile("[\"/\\\\:;|=,+*?<>@\\[\\]]");
    private static final Pattern SYSCTL =
            Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?");

    private SecurityChecks() {}

    static void container(At context, boolean hostUsers) {
        if (context.absent()) {
            return;
        }
        context.field("runAsUser").between(0, Integer.MAX_VALUE);
        context.field("runAsGroup").between(0, Integer.MAX_VALUE);
        At mount = context.field("procMount");
        if (mount.present()) {
            if (!List.of("Default", "Unmasked").contains(mount.text())) {
                mount.unsupported("Default", "Unmasked");
            }
            if (hostUsers && mount.text().equals("Unmasked")) {
                mount.invalid("`hostUsers` must be false to use `Unmasked`");
            }
        }
        seccomp(context.field("seccompProfile"));
        escalation(context);
        windows(context.field("windowsOptions"));
        appArmor(context.field("appArmorProfile"));
    }

    private static void escalation(At context) {
        At allowed = context.field("allowPrivilegeEscalation");
        if (allowed.absent() || allowed.flag()) {
            return;
        }
        if (context.field("privileged").flag()) {
            context.invalid(shown(context), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
        for (At capability : context.field("capabilities", "add").items()) {
            if (capability.text().equals("CAP_SYS_ADMIN")) {
                context.invalid(
                        shown(context),
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode shown(At context) {
        return Internals.of("io.k8s.api.core.v1.SecurityContext", context.node());
    }

    static void pod(At context, At spec) {
        if (context.present()) {
            for (String id : List.of("fsGroup", "runAsUser", "runAsGroup")) {
                context.field(id).between(0, Integer.MAX_VALUE);
            }
            context.field("supplementalGroups").items().forEach(group -> group.between(0, Integer.MAX_VALUE));
        }
        if (spec.field("shareProcessNamespace").flag() && spec.field("hostPID").flag()) {
            context.field("shareProcessNamespace")
                    .invalid(
                            JsonNodeFactory.instance.booleanNode(true),
                            "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        if (context.absent()) {
            return;
        }
        sysctls(context.field("sysctls"), spec);
        given(context.field("fsGroupChangePolicy"), "Always", "OnRootMismatch");
        seccomp(context.field("seccompProfile"));
        windows(context.field("windowsOptions"));
        appArmor(context.field("appArmorProfile"));
        given(context.field("supplementalGroupsPolicy"), "Merge", "Strict");
        given(context.field("seLinuxChangePolicy"), "Recursive");
    }

    /** One of some words where there is one, the empty one included. */
    private static void given(At word, String... values) {
        if (word.present() && !List.of(values).contains(word.text())) {
            word.unsupported(values);
        }
    }

    private static void sysctls(At sysctls, At spec) {
        Set<String> names = new HashSet<>();
        for (At sysctl : sysctls.items()) {
            At name = sysctl.field("name");
            String text = name.text();
            if (text.isEmpty()) {
                name.required("");
            } else if (text.length() > 253 || !SYSCTL.matcher(text).matches()) {
                name.invalid("must have at most 253 characters and match regex"
                        + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
            } else if (names.contains(text)) {
                name.duplicate();
            }
            host(name, text.replace('/', '.'), spec);
            names.add(text);
        }
    }

    /** What is the host's own is not the pod's to set. */
    private static void host(At name, String sysctl, At spec) {
        boolean ipc = sysctl.startsWith("kernel.shm")
                || sysctl.startsWith("kernel.msg")
                || sysctl.startsWith("fs.mqueue.")
                || sysctl.equals("kernel.sem");
        if (spec.field("hostNetwork").flag() && sysctl.startsWith("net.")) {
            name.invalid("may not be specified when 'hostNetwork' is true");
        } else if (spec.field("hostIPC").flag() && ipc) {
            name.invalid("may not be specified when 'hostIPC' is true");
        }
    }

    private static void seccomp(At profile) {
        if (profile.absent()) {
            return;
        }
        At type = profile.field("type");
        At local = profile.field("localhostProfile");
        if (type.needed("type is required when seccompProfile is set")) {
            type.oneOf("Localhost", "RuntimeDefault", "Unconfined");
        }
        if (!type.text().equals("Localhost")) {
            if (local.present()) {
                local.invalid(
                        Internals.of("io.k8s.api.core.v1.SeccompProfile", profile.node()),
                        "can only be set when seccomp type is Localhost");
            }
        } else if (local.absent()) {
            local.required("must be set when seccomp type is Localhost");
        } else {
            Paths.inside(local);
        }
    }

    private static void appArmor(At profile) {
        if (profile.absent()) {
            return;
        }
        At type = profile.field("type");
        At local = profile.field("localhostProfile");
        switch (type.text()) {
            case "Localhost" -> {
                if (local.absent() || (!local.empty() && local.text().isBlank())) {
                    padded(local);
                } else if (!local.text().equals(local.text().strip())) {
                    local.invalid("must not be padded with whitespace");
                } else {
                    local.needed("must be set when AppArmor type is Localhost");
                }
                local.atMost(4095);
            }
            case "RuntimeDefault", "Unconfined" -> {
                if (local.present()) {
                    local.invalid("can only be set when AppArmor type is Localhost");
                }
            }
            case "" -> type.required("type is required when appArmorProfile is set");
            default -> type.unsupported("Localhost", "RuntimeDefault", "Unconfined");
        }
    }

    private static void padded(At local) {
        if (local.absent()) {
            local.required("must be set when AppArmor type is Localhost");
        } else {
            local.invalid("must not be padded with whitespace");
        }
    }

    private static void windows(At options) {
        At name = options.field("gmsaCredentialSpecName");
        if (name.present()) {
            name.each(Names::dnsSubdomain);
        }
        At spec = options.field("gmsaCredentialSpec");
        if (spec.present() && spec.empty()) {
            spec.invalid("gmsaCredentialSpec cannot be an empty string");
        } else if (spec.text().getBytes(StandardCharsets.UTF_8).length > SPEC_MAX) {
            spec.invalid("gmsaCredentialSpec size must be under 64 KiB");
        }
        if (options.field("runAsUserName").present()) {
            windowsUser(options.field("runAsUserName"));
        }
    }

    private static void windowsUser(At name) {
        String text = name.text();
        String[] parts = text.split("\\\\", -1);
        if (text.isEmpty()) {
            name.invalid("runAsUserName cannot be an empty string");
        } else if (CONTROL.matcher(text).find()) {
            name.invalid("runAsUserName cannot contain control characters");
        } else if (parts.length > 2) {
            name.invalid("runAsUserName cannot contain more than one backslash");
        } else {
            if (parts.length == 2) {
                windowsDomain(name, parts[0]);
            }
            windowsAccount(name, parts[parts.length - 1]);
        }
    }

    private static void windowsDomain(At name, String domain) {
        if (domain.length() >= 256) {
            name.invalid("runAsUserName's Domain length must be under 256 characters");
        }
        if (!NET_BIOS.matcher(domain).matches() && !DOMAIN.matcher(domain).matches()) {
            name.invalid("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
    }

    private static void windowsAccount(At name, String user) {
        if (user.isEmpty()) {
            name.invalid("runAsUserName's User cannot be empty");
        } else if (user.length() > 104) {
            name.invalid("runAsUserName's User length must not be longer than 104 characters");
        }
        if (user.matches("[. ]+")) {
            name.invalid("runAsUserName's User cannot contain only periods or spaces");
        }
        if (USER_CHARACTERS.matcher(user).find()) {
            name.invalid("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
        }
    }
}
