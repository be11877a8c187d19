package dev.kite.cel.compile;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;

/** Checked types as upstream prints them. */
final class TypeNames {
    private TypeNames() {}

    static String of(CelType type) {
        if (type.kind() == CelKind.TIMESTAMP || type.kind() == CelKind.DURATION) {
            return type.kind() == CelKind.TIMESTAMP ? "google.protobuf.Timestamp" : "google.protobuf.Duration";
        }
        if (type.parameters().isEmpty()) {
            return type.kind() == CelKind.NULL_TYPE ? "null_type" : type.name();
        }
        StringBuilder out = new StringBuilder(type.name()).append('(');
        for (int i = 0; i < type.parameters().size(); i++) {
            out.append(i == 0 ? "" : ", ").append(of(type.parameters().get(i)));
        }
        return out.append(')').toString();
    }
}
