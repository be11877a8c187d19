package dev.kite.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions that are refused, and objects that break their schema, with upstream's paths and words. */
class DefinitionsTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";
    private static final String AT = "spec.validation.openAPIV3Schema";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String definition(String schema) {
        return """
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, kind: Thing, shortNames: [th]}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: SCHEMA}
            """.replace("SCHEMA", schema);
    }

    private Answer define(String schema) {
        return api.post(DEFINITIONS, definition(schema));
    }

    private static String spec(String properties) {
        return "{type: object, properties: {spec: {type: object, properties: {" + properties + "}}}}";
    }

    private Answer thing(String name, String spec) {
        return api.post(THINGS, "metadata: {name: " + name + "}\nspec: " + spec);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{properties: {a: {type: string}}}|.type: Required value: must not be empty at the root",
                "{type: string}|.type: Invalid value: \"string\": must be object at the root",
                "{type: object, additionalProperties: {type: string}}|.additionalProperties: Forbidden: must not be used at the root",
                "{type: object, nullable: true}|.nullable: Forbidden: nullable cannot be true at the root",
                "{type: object, properties: {a: {}}}|.properties[a].type: Required value: must not be empty for specified object fields",
                "{type: object, properties: {a: {type: array}}}|.properties[a].items: Required value: must be specified",
                "{type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}}|.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
                "{type: object, anyOf: [{type: object}]}|.anyOf[0].type: Forbidden: must be empty to be structural",
                "{type: object, anyOf: [{properties: {a: {minimum: 1}}}]}|.properties[a]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[a]",
                "{type: object, properties: {a: {type: string, pattern: '(?=x)'}}}|.properties[a].pattern: Invalid value: \"(?=x)\": must be a valid regular expression, but isn't: error parsing regexp",
                "{type: object, properties: {a: {type: object, $ref: '#/b'}}}|.properties[a].$ref: Forbidden: $ref is not supported",
                "{type: object, properties: {a: {type: nope}}}|.properties[a].type: Unsupported value: \"nope\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"",
                "{type: object, properties: {a: {type: array, uniqueItems: true, items: {type: string}}}}|.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
                "{type: object, properties: {a: {type: object, properties: {b: {type: string}}, additionalProperties: {type: string}}}}|.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
                "{type: object, properties: {a: {type: array, items: {type: string}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k]}}}|.properties[a].items.type: Invalid value: \"string\": must be object if parent array's x-kubernetes-list-type is map",
                "{type: object, properties: {a: {type: array, items: {type: object, properties: {k: {type: string}}}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k]}}}|.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
                "{type: object, properties: {a: {type: array, items: {type: object}, x-kubernetes-list-type: set}}}|.properties[a].items.x-kubernetes-map-type: Invalid value: \"\": must be atomic as item of a list with x-kubernetes-list-type=set",
                "{type: object, properties: {a: {type: string, default: 7}}}|.properties[a].default: Invalid value: \"integer\":  in body must be of type string: \"integer\"",
                "{type: object, properties: {a: {type: object, default: {b: 1}}}}|.properties[a].default: Invalid value: {\"b\":1}: must not have unknown fields",
                "{type: object, properties: {a: {x-kubernetes-int-or-string: true, x-kubernetes-preserve-unknown-fields: true}}}|.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true",
                "{type: object, x-kubernetes-validations: [{rule: ' '}]}|.x-kubernetes-validations[0].rule: Required value: rule is not specified",
            })
    void schemasThatAreNotStructuralAreRefused(String schema, String expected) {
        assertThat(define(schema).expect(422).at("/message")).contains(AT + expected);
    }

    @Test
    void groupsOfKubernetesNeedApproval() {
        String body = definition("{type: object}").replace("example.com", "x.k8s.io");
        assertThat(api.post(DEFINITIONS, body).expect(422).at("/details/causes/0/field"))
                .isEqualTo("metadata.annotations[api-approved.kubernetes.io]");
        JsonNode made = api.post(
                        DEFINITIONS,
                        body.replace(
                                "metadata: {", "metadata: {annotations: {api-approved.kubernetes.io: unapproved}, "))
                .expect(201)
                .json();
        assertThat(made.at("/status/conditions/2/type").asText()).isEqualTo("KubernetesAPIApprovalPolicyConformant");
        assertThat(made.at("/status/conditions/2/reason").asText()).isEqualTo("UnapprovedAnnotation");
    }

    @Test
    void namesThatAreTakenAreToldAndTakenOnceFree() throws InterruptedException {
        define("{type: object}").expect(201);
        String rival = definition("{type: object}")
                .replace("things", "rivals")
                .replace("[th]", "[th, ri]")
                .replace("kind: Thing", "kind: Rival");
        JsonNode conditions = api.post(DEFINITIONS, rival).expect(201).json().at("/status/conditions");
        assertThat(conditions.at("/0/reason").asText()).isEqualTo("ShortNamesConflict");
        assertThat(conditions.at("/0/message").asText()).isEqualTo("\"th\" is already in use");
        assertThat(conditions.at("/1/reason").asText()).isEqualTo("NotAccepted");
        api.delete(DEFINITIONS + "/things.example.com").expect(200);
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (api.get("/apis/example.com/v1/namespaces/default/rivals").code() != 200) {
            assertThat(System.nanoTime()).as("the rival is served").isLessThan(until);
            Thread.sleep(20);
        }
    }

    @Test
    void deprecatedVersionsAndUnknownFormatsAreWarnedOf() {
        Answer made = api.post(
                DEFINITIONS,
                definition(spec("a: {type: string, format: nonsense}"))
                        .replace("served: true", "served: true\n    deprecated: true"));
        assertThat(made.expect(201).warnings()).singleElement().asString().contains("unrecognized format");
        assertThat(api.get(THINGS).warnings())
                .singleElement()
                .asString()
                .contains("example.com/v1 Thing is deprecated");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{color: green}|spec.color: Unsupported value: \"green\": supported values: \"red\", \"7\"",
                "{list: [1, 2, 3]}|spec.list: Too many: 3: must have at most 2 items",
                "{port: true}|spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"",
                "{mail: x}|spec.mail: Invalid value: \"x\": spec.mail in body must be of type email: \"x\"",
                "{time: yesterday}|spec.time: Invalid value: \"yesterday\": spec.time in body must be of type date-time: \"yesterday\"",
                "{set: [a, b, a, a]}|spec.set[2]: Duplicate value: \"a\"",
                "{map: [{k: a, v: 1}, {k: a}]}|spec.map[1]: Duplicate value: {\"k\":\"a\"}",
                "{one: {}}|<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found none valid",
                "{one: {a: x, b: y}}|<nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema (oneOf). Found 2 valid alternatives",
                "{embedded: {kind: A}}|spec.embedded.apiVersion: Required value",
                "{embedded: {kind: A, apiVersion: v1, metadata: {name: 'x/y'}}}|spec.embedded.metadata.name: Invalid value: \"x/y\"",
                "{replicas: -1}|.spec.replicas: Invalid value: -1: should be a non-negative integer",
            })
    void objectsThatBreakTheirSchemaAreRefused(String spec, String expected) {
        api.post(
                        DEFINITIONS,
                        definition(spec("""
                color: {enum: [red, 7], x-kubernetes-preserve-unknown-fields: true}, list: {type: array, maxItems: 2, items: {type: integer}},
                port: {x-kubernetes-int-or-string: true}, mail: {type: string, format: email}, time: {type: string, format: date-time},
                set: {type: array, x-kubernetes-list-type: set, items: {type: string}}, replicas: {type: integer},
                map: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {type: string}, v: {type: integer}}}},
                one: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]},
                embedded: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}"""))
                                .replace(
                                        "storage: true",
                                        "storage: true\n    subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}"))
                .expect(201);
        assertThat(thing("one", spec).expect(422).at("/message")).contains(expected);
    }

    @Test
    void nullsAreKeptDefaultedOrDropped() {
        define(
                        spec(
                                "may: {type: string, nullable: true, default: x}, not: {type: string, default: y}, gone: {type: string}, "
                                        + "entries: {type: object, additionalProperties: {type: string, default: z}}, list: {type: array, items: {type: string, default: w}}"))
                .expect(201);
        assertThat(thing("one", "{may: null, not: null, gone: null, entries: {a: null}, list: [null, b]}")
                        .expect(201)
                        .json()
                        .at("/spec")
                        .toString())
                .isEqualTo("{\"may\":null,\"not\":\"y\",\"entries\":{\"a\":\"z\"},\"list\":[\"w\",\"b\"]}");
    }

    @Test
    void whatWasInvalidAndIsUnchangedMayStay() {
        String loose = spec(
                "a: {type: string}, list: {type: array, items: {type: string}}, "
                        + "map: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {type: string}, v: {type: string}}}}");
        define(loose).expect(201);
        ObjectNode object = thing("one", "{a: long, list: [long], map: [{k: x, v: long}, {k: y}]}")
                .expect(201)
                .object();
        ObjectNode definition = api.get(DEFINITIONS + "/things.example.com").object();
        ObjectNode properties =
                definition.withObject("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
        properties.withObject("/a").put("maxLength", 2);
        properties.withObject("/map/items/properties/v").put("maxLength", 2);
        api.put(DEFINITIONS + "/things.example.com", definition).expect(200);
        object.withObject("/metadata/labels").put("x", "y");
        ((ObjectNode) object.at("/spec/map/1")).put("v", "ok");
        JsonNode changed = api.put(THINGS + "/one", object).expect(200).json();
        ObjectNode worse = changed.deepCopy();
        worse.withObject("/spec").put("a", "other");
        assertThat(api.put(THINGS + "/one", worse).expect(422).at("/details/causes/0/field"))
                .isEqualTo("spec.a");
        definition = api.get(DEFINITIONS + "/things.example.com").object();
        definition
                .withObject("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/list/items")
                .put("maxLength", 2);
        api.put(DEFINITIONS + "/things.example.com", definition).expect(200);
        ObjectNode longer = ((ObjectNode) changed).deepCopy();
        longer.withArray("/spec/list").add("ok");
        assertThat(api.put(THINGS + "/one", longer).expect(422).at("/details/causes/0/field"))
                .isEqualTo("spec.list[0]");
    }

    @Test
    void patternsTakeLinearTime() {
        define(spec("a: {type: string, pattern: '^(([a-z])+.)+[A-Z]([a-z])+$'}"))
                .expect(201);
        long start = System.nanoTime();
        thing("one", "{a: " + "a".repeat(5_000) + "}").expect(422);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void hostileSchemasAreAnswered() {
        List<Integer> codes = new ArrayList<>();
        String deep = "{type: object, properties: {a: ".repeat(90) + "{type: string}" + "}}".repeat(90);
        codes.add(define(deep).code());
        StringBuilder wide = new StringBuilder("{type: object, properties: {");
        for (int i = 0; i < 20_000; i++) {
            wide.append('p').append(i).append(": {type: string, default: x},");
        }
        codes.add(
                define(wide.append("}}").toString().replace("things", "wides")).code());
        StringBuilder versions = new StringBuilder(definition("{type: object}"));
        for (int i = 2; i < 400; i++) {
            versions.append("  - {name: v")
                    .append(i)
                    .append(", served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}\n");
        }
        codes.add(api.post(
                        DEFINITIONS,
                        versions.toString()
                                .replace("things", "manies")
                                .replace("kind: Thing", "kind: Many")
                                .replace("[th]", "[ma]"))
                .code());
        codes.add(define("{type: object, properties: {a: {type: string, pattern: '" + "(".repeat(2000) + "'}}}")
                .code());
        codes.add(define("{type: object, properties: {a: {type: string, pattern: '((a{1000}){1000}){1000}'}}}")
                .code());
        codes.add(define("7").code());
        assertThat(codes).allMatch(code -> code == 201 || (code >= 400 && code < 500));
        assertThatCode(() -> api.get("/openapi/v3/apis/example.com/v1")).doesNotThrowAnyException();
    }
}
