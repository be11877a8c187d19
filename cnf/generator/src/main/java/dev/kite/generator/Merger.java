package dev.kite.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Joins descriptors, models and our tables into one {@link Api}. */
final class Merger {
    private static final String CORE = "io.k8s.api.core.v1.";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    /** Messages that no model describes but that travel as whole objects. */
    private static final Set<String> WITHOUT_MODEL = Set.of(
            META + "CreateOptions",
            META + "GetOptions",
            META + "ListOptions",
            META + "PatchOptions",
            META + "UpdateOptions",
            META + "TableOptions",
            META + "PartialObjectMetadata",
            META + "PartialObjectMetadataList",
            "io.k8s.api.core.v1.NodeProxyOptions",
            "io.k8s.api.core.v1.PodAttachOptions",
            "io.k8s.api.core.v1.PodExecOptions",
            "io.k8s.api.core.v1.PodLogOptions",
            "io.k8s.api.core.v1.PodPortForwardOptions",
            "io.k8s.api.core.v1.PodProxyOptions",
            "io.k8s.api.core.v1.PodStatusResult",
            "io.k8s.api.core.v1.RangeAllocation",
            "io.k8s.api.core.v1.SerializedReference",
            "io.k8s.api.core.v1.ServiceProxyOptions",
            "io.k8s.api.admission.v1.AdmissionReview",
            "io.k8s.api.admission.v1.AdmissionRequest",
            "io.k8s.api.admission.v1.AdmissionResponse",
            META + "GroupVersionKind",
            META + "GroupVersionResource",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse");
    /** Fields whose numbers the package has ahead of the API level. */
    private static final Set<String> NOT_SERVED =
            Set.of("io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition.observedGeneration");
    /** Those of WITHOUT_MODEL that are not kinds. */
    private static final Set<String> NOT_KINDS = Set.of(
            META + "GroupVersionKind",
            META + "GroupVersionResource",
            "io.k8s.api.admission.v1.AdmissionRequest",
            "io.k8s.api.admission.v1.AdmissionResponse",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse");

    private final Protos protos;
    private final Models models;
    private final Tables tables;

    Merger(Protos protos, Models models, Tables tables) {
        this.protos = protos;
        this.models = models;
        this.tables = tables;
    }

    Api merge() {
        TreeMap<String, Api.Type> types = new TreeMap<>();
        protos.messages().forEach((name, message) -> {
            Optional<Models.Model> model = models.of(name);
            if (Values.special(name) == null
                    && !movedToMeta(name)
                    && !tables.numbers().containsKey(name)
                    && (model.isPresent() || WITHOUT_MODEL.contains(name))) {
                types.put(name, fromMessage(name, message, model.orElse(null)));
            }
        });
        tables.numbers()
                .forEach((name, fields) -> models.of(name)
                        .filter(model -> !types.containsKey(name))
                        .ifPresent(model -> types.put(name, fromNumbers(name, fields, model, types))));
        checkReferences(types);
        TreeMap<String, String> values = new TreeMap<>();
        Values.specials().forEach(name -> values.put(name, description(name)));
        values.put(META + "Patch", description(META + "Patch"));
        return new Api(types, values);
    }

    private Api.Type fromMessage(String name, Descriptor message, Models.@Nullable Model model) {
        Building type = new Building(name, model);
        boolean topLevel = message.findFieldByName("kind") == null
                && (model == null ? !NOT_KINDS.contains(name) : type.has("kind") && type.has("apiVersion"));
        addMessageFields(type, message, -1);
        boolean atomic = protos.atomic(name);
        return type.build(topLevel, atomic);
    }

    private void addMessageFields(Building type, Descriptor message, int embed) {
        String owner = Names.definition(message.getFullName());
        for (FieldDescriptor field : message.getFields()) {
            Models.Property property = type.property(field.getName());
            Values.Value value = Values.of(field);
            if (property == null && type.model != null) {
                if (value.kind() != Api.Kind.STRUCT || value.shape() != Api.Shape.SINGLE) {
                    if (NOT_SERVED.contains(owner + "." + field.getName())) {
                        continue;
                    }
                    throw new IllegalStateException(owner + "." + field.getName() + " is in no model");
                }
                type.embeds.add(new Api.Embed(field.getNumber(), embed));
                addMessageFields(type, field.getMessageType(), type.embeds.size() - 1);
                continue;
            }
            String json = property == null ? field.getName() : property.json();
            Api.Markers markers = protos.markers(owner, field.getName());
            String description = description(value, property, protos.comments().field(owner, field.getName()));
            type.add(owner, json, field.getNumber(), value, property, embed, markers, description);
        }
    }

    private Api.Type fromNumbers(
            String name, List<Tables.Numbered> fields, Models.Model model, Map<String, Api.Type> types) {
        Building type = new Building(name, model);
        addNumbered(type, name, fields, -1, types);
        return type.build(type.has("kind") && type.has("apiVersion") && type.has("metadata"), false);
    }

    private void addNumbered(
            Building type, String owner, List<Tables.Numbered> fields, int embed, Map<String, Api.Type> types) {
        for (Tables.Numbered field : fields) {
            if (field.inline()) {
                String embedded = owner.substring(0, owner.lastIndexOf('.') + 1) + field.name();
                type.embeds.add(new Api.Embed(field.number(), embed));
                List<Tables.Numbered> inner = tables.numbers().get(embedded);
                if (inner == null) {
                    throw new IllegalStateException("numbers.tsv lacks " + embedded);
                }
                addNumbered(type, embedded, inner, type.embeds.size() - 1, types);
                continue;
            }
            Models.Property property = type.property(field.name());
            if (property == null) {
                throw new IllegalStateException(owner + "." + field.name() + " is in no model");
            }
            Values.Value value = Values.of(property.javaType(), field.type(), owner, this::isKnown);
            Api.Field twin = twin(owner, field.name(), types);
            Api.Markers markers = twin == null ? Api.Markers.NONE : twin.markers();
            String own = description(value, property, protos.comments().field(owner, field.name()));
            String description = own.isEmpty() && twin != null ? twin.description() : own;
            type.add(owner, property.json(), field.number(), value, property, embed, markers, description);
        }
    }

    private String description(String definition) {
        return Descriptions.of("", protos.comments().type(definition));
    }

    /** Of a value of these kinds the model says what all such values are, not what this one means. */
    private static String description(Values.Value value, Models.@Nullable Property property, List<String> comment) {
        boolean general = value.shape() == Api.Shape.SINGLE
                && switch (value.kind()) {
                    case QUANTITY, INT_OR_STRING, JSON, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY -> true;
                    default -> false;
                };
        return Descriptions.of(property == null || general ? "" : property.description(), comment);
    }

    /** The same type's field in its group's v1, where there is one. */
    private static Api.@Nullable Field twin(String owner, String json, Map<String, Api.Type> types) {
        Api.Type v1 = types.get(owner.replaceFirst("\\.v1beta\\d\\.", ".v1."));
        return v1 == null ? null : v1.byName().get(json);
    }

    private boolean isKnown(String definition) {
        return protos.messages().containsKey(definition) || tables.numbers().containsKey(definition);
    }

    /** core.v1 still numbers a few messages that moved to meta.v1 long ago. */
    private boolean movedToMeta(String definition) {
        return definition.startsWith(CORE) && protos.messages().containsKey(META + definition.substring(CORE.length()));
    }

    private static void checkReferences(Map<String, Api.Type> types) {
        for (Api.Type type : types.values()) {
            for (Api.Field field : type.fields()) {
                if (field.ref() != null && !types.containsKey(field.ref())) {
                    throw new IllegalStateException(type.name() + "." + field.json() + " has type " + field.ref()
                            + ", which nothing describes");
                }
            }
        }
    }

    /** A type while its fields are gathered. */
    private final class Building {
        private final String name;
        private final Models.@Nullable Model model;
        private final List<Api.Embed> embeds = new ArrayList<>();
        private final List<Api.Field> fields = new ArrayList<>();

        Building(String name, Models.@Nullable Model model) {
            this.name = name;
            this.model = model;
        }

        Models.@Nullable Property property(String field) {
            return model == null ? null : model.properties().get(Names.loose(field));
        }

        boolean has(String field) {
            return property(field) != null;
        }

        void add(
                String owner,
                String json,
                int number,
                Values.Value value,
                Models.@Nullable Property property,
                int embed,
                Api.Markers markers,
                String description) {
            boolean required = property != null && property.required();
            boolean struct = value.kind() == Api.Kind.STRUCT && value.shape() == Api.Shape.SINGLE;
            char rule = struct ? (required || json.equals("metadata") ? 'v' : 'p') : required ? 'r' : 'v';
            char presence = tables.presence(owner, json, rule);
            fields.add(new Api.Field(
                    json,
                    number,
                    value.kind(),
                    value.shape(),
                    value.ref(),
                    required,
                    presence,
                    embed,
                    tables.markers(owner, json, markers),
                    tables.description(owner, json, description)));
        }

        Api.Type build(boolean topLevel, boolean atomic) {
            String description = Descriptions.of(
                    model == null ? "" : model.description(), protos.comments().type(name));
            List<Api.Field> all = new ArrayList<>();
            if (topLevel) {
                all.add(envelope("kind"));
                all.add(envelope("apiVersion"));
            }
            all.addAll(fields);
            if (model != null) {
                model.properties().values().forEach(p -> {
                    if (all.stream().noneMatch(f -> f.json().equals(p.json()))) {
                        throw new IllegalStateException(name + "." + p.json() + " has no number");
                    }
                });
            }
            return new Api.Type(name, topLevel, atomic, List.copyOf(embeds), List.copyOf(all), description);
        }

        private Api.Field envelope(String json) {
            Models.Property property = property(json);
            return new Api.Field(
                    json,
                    0,
                    Api.Kind.STRING,
                    Api.Shape.SINGLE,
                    null,
                    false,
                    'v',
                    -1,
                    Api.Markers.NONE,
                    property == null ? "" : property.description());
        }
    }
}
