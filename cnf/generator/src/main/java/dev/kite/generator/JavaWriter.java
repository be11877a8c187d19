package dev.kite.generator;

/** Writes one immutable type with its builder. The generic code is in Struct; here is only what has a name. */
final class JavaWriter {
    private static final String MODEL = "dev.kite.model.";
    private final Api.Type type;
    private final Api api;
    private final Resources resources;
    private final StringBuilder out = new StringBuilder();

    JavaWriter(Api.Type type, Api api, Resources resources) {
        this.type = type;
        this.api = api;
        this.resources = resources;
    }

    static String packageInfo(String name) {
        return """
                /** Kubernetes' %s types, generated: immutable, with builders; an absent value reads as its empty one. */
                @org.osgi.annotation.bundle.Export
                @org.osgi.annotation.versioning.Version("1.0.0")
                @org.jspecify.annotations.NullMarked
                package %s;
                """.formatted(name.substring(MODEL.length()), name);
    }

    String write() {
        String name = type.simpleName();
        line("package %s;", Names.javaPackage(type.name()));
        line("");
        line("import org.jspecify.annotations.Nullable;");
        line("");
        line("/** %s. */", type.name());
        line("public final class %s extends dev.kite.model.Struct%s {", name, interfaces());
        line("    /** The type's structure. */");
        line(
                "    public static final dev.kite.model.StructType<%s> TYPE ="
                        + " dev.kite.model.StructType.of(\"%s\", new Builder());",
                name, type.name());
        resource();
        for (Api.Field field : type.fields()) {
            // Without @Nullable: no checker looks here, and the annotations would be a tenth of the class.
            line("    private final %s %s;", boxed(field), var(field));
        }
        constructor();
        line("    /** A builder of an empty value. */");
        line("    public static Builder builder() { return new Builder(); }");
        line("    /** A builder that starts from this value. */");
        line("    public Builder toBuilder() { return into(new Builder()); }");
        line("    @Override public dev.kite.model.StructType<?> structType() { return TYPE; }");
        for (Api.Field field : type.fields()) {
            accessor(field);
        }
        get();
        builder();
        line("}");
        return out.toString();
    }

    private String interfaces() {
        if (!type.topLevel()) {
            return "";
        }
        Api.Field metadata = type.byName().get("metadata");
        String ref = metadata == null ? "" : String.valueOf(metadata.ref());
        if (ref.endsWith(".ObjectMeta")) {
            return " implements dev.kite.model.KubernetesObject";
        }
        Api.Field items = type.byName().get("items");
        if (ref.endsWith(".ListMeta") && items != null && items.shape() == Api.Shape.LIST && isObject(items)) {
            return " implements dev.kite.model.KubernetesList<" + element(items) + ">";
        }
        return " implements dev.kite.model.KubernetesType";
    }

    private boolean isObject(Api.Field items) {
        Api.Type item = items.ref() == null ? null : api.types().get(items.ref());
        return item != null && item.topLevel() && item.byName().containsKey("metadata");
    }

    private void resource() {
        Resources.Row row = resources.of(type);
        if (row != null && interfaces().endsWith("KubernetesObject")) {
            line("    /** The resource of this kind. */");
            line(
                    "    public static final dev.kite.model.ResourceType<%s> RESOURCE ="
                            + " dev.kite.model.ResourceType.of(TYPE, \"%s\", \"%s\", \"%s\", \"%s\", %s);",
                    type.simpleName(), row.group(), row.version(), row.kind(), row.plural(), row.namespaced());
        }
    }

    private void constructor() {
        line("    @SuppressWarnings(\"unchecked\")");
        line("    private %s(Object[] v) {", type.simpleName());
        int i = 0;
        for (Api.Field field : type.fields()) {
            line("        %s = (%s) v[%s];", var(field), boxed(field), i++);
        }
        line("    }");
    }

    private void accessor(Api.Field field) {
        String name = Names.accessor(field.json());
        String var = var(field);
        line("    /** {@code %s}. */", field.json());
        if (type.topLevel() && field.number() == 0) {
            line("    @Override public String %s() { return or(%s, \"%s\"); }", name, var, envelope(field));
            return;
        }
        boolean override = type.topLevel() && (name.equals("metadata") || name.equals("items"));
        String prefix =
                override && interfaces().contains("Kubernetes") && !interfaces().endsWith("Type") ? "@Override " : "";
        if (field.shape() != Api.Shape.SINGLE) {
            line("    %spublic %s %s() { return or(%s); }", prefix, boxed(field), name, var);
            return;
        }
        switch (field.kind()) {
            case STRING, BYTES -> line("    public %s %s() { return or(%s); }", boxed(field), name, var);
            case BOOL -> line("    public boolean %s() { return or(%s); }", name, var);
            case INT32 -> line("    public int %s() { return or(%s); }", name, var);
            case INT64 -> line("    public long %s() { return or(%s); }", name, var);
            case DOUBLE -> line("    public double %s() { return or(%s); }", name, var);
            case STRUCT ->
                line("    %spublic %s %s() { return or(%s, %s.TYPE); }", prefix, boxed(field), name, var, boxed(field));
            case QUANTITY,
                    INT_OR_STRING,
                    TIME,
                    MICRO_TIME,
                    RAW,
                    JSON,
                    FIELDS,
                    SCHEMA_OR_BOOL,
                    SCHEMA_OR_ARRAY,
                    SCHEMA_OR_STRINGS -> line("    public %s %s() { return %s; }", nullable(boxed(field)), name, var);
        }
        line("    /** Whether {@code %s} is there. */", field.json());
        line("    public boolean has%s() { return %s != null; }", Names.capital(name), var);
    }

    private String envelope(Api.Field field) {
        String group = resources.group(type);
        String version = type.groupVersion().replaceFirst(".*\\.", "");
        return field.json().equals("kind") ? type.simpleName() : group.isEmpty() ? version : group + "/" + version;
    }

    private void get() {
        line("    @Override public @Nullable Object get(int index) {");
        if (type.fields().isEmpty()) {
            line("        throw new IndexOutOfBoundsException(index);");
            line("    }");
            return;
        }
        line("        return switch (index) {");
        int i = 0;
        for (Api.Field field : type.fields()) {
            line("            case %s -> %s;", i++, var(field));
        }
        line("            default -> throw new IndexOutOfBoundsException(index);");
        line("        };");
        line("    }");
    }

    private void builder() {
        line("    /** Builds a %s; not safe for use by several threads. */", type.simpleName());
        line("    public static final class Builder extends dev.kite.model.Struct.Builder<%s> {", type.simpleName());
        line("        private Builder() {}");
        line(
                "        @Override protected dev.kite.model.Struct.Builder<%s> fresh() { return new Builder(); }",
                type.simpleName());
        line(
                "        @Override protected int size() { return %s; }",
                type.fields().size());
        line("        @Override public %s build() { return new %s(frozen()); }", type.simpleName(), type.simpleName());
        int i = 0;
        for (Api.Field field : type.fields()) {
            setters(field, i++);
        }
        line("    }");
    }

    private void setters(Api.Field field, int index) {
        String name = Names.accessor(field.json());
        String element = element(field);
        boolean struct = field.kind() == Api.Kind.STRUCT;
        line("        /** Sets {@code %s}; null is absent. */", field.json());
        line(
                "        public Builder %s(%s value) { set(%s, value); return this; }",
                name, nullable(boxed(field)), index);
        String capital = Names.capital(name);
        switch (field.shape()) {
            case SINGLE -> {
                if (struct) {
                    line("        /** Edits {@code %s} from its present value. */", field.json());
                    line(
                            "        public Builder %s(java.util.function.Consumer<%s.Builder> edit)"
                                    + " { edit(%s, %s.TYPE, edit); return this; }",
                            name, element, index, element);
                }
            }
            case LIST, LIST_MESSAGE -> {
                line("        /** Appends to {@code %s}. */", field.json());
                line(
                        "        public Builder add%s(%s value) { append(%s, value); return this; }",
                        capital, element, index);
                if (struct) {
                    line("        /** Appends what {@code edit} builds to {@code %s}. */", field.json());
                    line(
                            "        public Builder add%s(java.util.function.Consumer<%s.Builder> edit)"
                                    + " { append(%s, %s.TYPE, edit); return this; }",
                            capital, element, index, element);
                }
            }
            case MAP, MAP_OF_LISTS -> {
                line("        /** Puts an entry into {@code %s}. */", field.json());
                line(
                        "        public Builder put%s(String key, %s value) { put(%s, key, value); return this; }",
                        capital, field.shape() == Api.Shape.MAP ? element : "java.util.List<String>", index);
            }
        }
    }

    private static String nullable(String javaType) {
        int dot = javaType.indexOf('<') < 0
                ? javaType.lastIndexOf('.')
                : javaType.substring(0, javaType.indexOf('<')).lastIndexOf('.');
        return javaType.substring(0, dot + 1) + "@Nullable " + javaType.substring(dot + 1);
    }

    private static String var(Api.Field field) {
        return "f" + Names.capital(Names.accessor(field.json()));
    }

    private static String boxed(Api.Field field) {
        String element = element(field);
        return switch (field.shape()) {
            case SINGLE -> element;
            case LIST, LIST_MESSAGE -> "java.util.List<" + element + ">";
            case MAP -> "java.util.Map<String, " + element + ">";
            case MAP_OF_LISTS -> "java.util.Map<String, java.util.List<String>>";
        };
    }

    private static String element(Api.Field field) {
        return switch (field.kind()) {
            case STRING -> "String";
            case BOOL -> "Boolean";
            case INT32 -> "Integer";
            case INT64 -> "Long";
            case DOUBLE -> "Double";
            case BYTES -> MODEL + "Bytes";
            case QUANTITY -> MODEL + "Quantity";
            case INT_OR_STRING -> MODEL + "IntOrString";
            case TIME, MICRO_TIME -> "java.time.Instant";
            case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> MODEL + "Json";
            case STRUCT -> Names.javaClass(java.util.Objects.requireNonNull(field.ref()));
        };
    }

    /** A line in which each %s is the next argument. */
    private void line(String template, Object... args) {
        int at = 0;
        for (Object arg : args) {
            int hole = template.indexOf("%s", at);
            out.append(template, at, hole).append(arg);
            at = hole + 2;
        }
        out.append(template, at, template.length()).append('\n');
    }
}
