package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a Service's addresses, families and policy fit together, and which of them may change. Stateless. */
public final class ServiceFamilyChecks {
    private static final String STAYS = "may not change once set";

    private ServiceFamilyChecks() {}

    /**
     * Checks what must fit together before addresses are given.
     *
     * @param service the Service
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> related(ObjectNode service) {
        List<FieldError> errors = new ArrayList<>();
        related(At.root(errors, service).field("spec"));
        return errors;
    }

    private static void related(At spec) {
        At single = spec.field("clusterIP");
        At many = spec.field("clusterIPs");
        if (!single.empty()) {
            if (many.empty()) {
                many.required("");
            } else if (!many.items().getFirst().text().equals(single.text())) {
                many.invalid("first value must match `clusterIP`");
            }
        } else if (!many.empty()) {
            many.invalid("must be empty when `clusterIP` is not specified");
        }
        families(spec.field("ipFamilies"));
        spec.field("ipFamilyPolicy").oneOf("PreferDualStack", "RequireDualStack", "SingleStack");
        if (!addresses(many)) {
            return;
        }
        boolean headless = single.text().equals("None");
        if (many.items().size() > 1 && !dual(many)) {
            many.invalid("may specify no more than one IP for each IP family");
        }
        if (!headless) {
            matching(many, Tree.texts(spec.field("ipFamilies").node()));
        }
    }

    private static void families(At families) {
        Set<String> seen = new HashSet<>();
        for (At family : families.items()) {
            family.oneOf("IPv4", "IPv6");
            if (!seen.add(family.text())) {
                family.duplicate();
            }
        }
    }

    /** Whether all are addresses, or None alone. */
    private static boolean addresses(At many) {
        boolean fine = true;
        List<At> all = many.items();
        for (int i = 0; i < all.size(); i++) {
            At one = all.get(i);
            if (i == 0 && one.text().equals("None")) {
                if (all.size() > 1) {
                    many.invalid("'None' must be the first and only value");
                    fine = false;
                }
            } else if (!PodChecks.isAddress(one.text())) {
                one.invalid("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
                fine = false;
            }
        }
        if (all.size() > 2) {
            many.invalid("may only hold up to 2 values");
        }
        return fine;
    }

    private static boolean dual(At many) {
        Set<Boolean> families = new HashSet<>();
        many.items().forEach(one -> families.add(one.text().indexOf(':') >= 0));
        return families.size() == 2;
    }

    private static void matching(At many, List<String> families) {
        List<At> all = many.items();
        for (int i = 0; i < Math.min(all.size(), families.size()); i++) {
            boolean v6 = all.get(i).text().indexOf(':') >= 0;
            if (v6 != families.get(i).equals("IPv6")) {
                all.get(i).invalid("expected an " + families.get(i) + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    /** What may change of addresses and families: a second one comes, or goes with the policy SingleStack. */
    static void update(At spec, At before) {
        boolean external = isExternal(spec) || isExternal(before);
        boolean headless = isHeadless(spec);
        boolean wasHeadless = isHeadless(before);
        if (external) {
            return;
        }
        if (!(headless && wasHeadless)) {
            addressesStay(spec, before);
        }
        if (!headless && !wasHeadless) {
            familiesStay(spec, before);
        }
    }

    private static boolean isExternal(At spec) {
        return spec.field("type").text().equals("ExternalName");
    }

    private static boolean isHeadless(At spec) {
        return List.of("None").equals(Tree.texts(spec.field("clusterIPs").node()));
    }

    private static void addressesStay(At spec, At before) {
        At many = spec.field("clusterIPs");
        List<String> now = Tree.texts(many.node());
        List<String> was = Tree.texts(before.field("clusterIPs").node());
        if (now.size() == was.size()) {
            changed(many, now, was);
            return;
        }
        At first = new At(many.errors(), many.path() + "[0]", many.node());
        if (now.isEmpty()) {
            first.invalid("primary clusterIP can not be unset");
        } else if (!was.isEmpty() && !now.getFirst().equals(was.getFirst())) {
            first.invalid(STAYS);
        }
        if (was.size() > now.size() && now.size() == 1 && !isSingle(spec)) {
            spec.field("ipFamilyPolicy").invalid("must be set to 'SingleStack' when releasing the secondary clusterIP");
        }
    }

    private static void changed(At many, List<String> now, List<String> was) {
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).equals(was.get(i))) {
                new At(many.errors(), many.path() + "[" + i + "]", many.node()).invalid(STAYS);
            }
        }
    }

    private static void familiesStay(At spec, At before) {
        At families = spec.field("ipFamilies");
        At first = new At(families.errors(), families.path() + "[0]", families.node());
        List<String> now = Tree.texts(families.node());
        List<String> was = Tree.texts(before.field("ipFamilies").node());
        if (now.size() == was.size()) {
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).equals(was.get(i))) {
                    first.invalid(STAYS);
                }
            }
            return;
        }
        if (!now.isEmpty() && !was.isEmpty() && !now.getFirst().equals(was.getFirst())) {
            first.invalid(STAYS);
        }
        if (was.size() > now.size() && now.size() == 1 && !isSingle(spec)) {
            spec.field("ipFamilyPolicy").invalid("must be set to 'SingleStack' when releasing the secondary ipFamily");
        }
    }

    private static boolean isSingle(At spec) {
        return spec.field("ipFamilyPolicy").text().equals("SingleStack");
    }
}
