package dev.kite.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Words of libnftables-json(5): statements and expressions. */
final class Nft {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Nft() {}

    static ArrayNode array(JsonNode... items) {
        ArrayNode array = JSON.arrayNode();
        for (JsonNode item : items) {
            array.add(item);
        }
        return array;
    }

    static JsonNode text(String text) {
        return JSON.textNode(text);
    }

    static JsonNode number(int number) {
        return JSON.numberNode(number);
    }

    static ObjectNode object(String key, JsonNode value) {
        return JSON.objectNode().set(key, value);
    }

    static JsonNode nothing(String statement) {
        return object(statement, JSON.nullNode());
    }

    static JsonNode payload(String protocol, String field) {
        return object("payload", JSON.objectNode().put("protocol", protocol).put("field", field));
    }

    static JsonNode meta(String key) {
        return object("meta", JSON.objectNode().put("key", key));
    }

    static JsonNode match(String operator, JsonNode left, JsonNode right) {
        ObjectNode match = JSON.objectNode().put("op", operator);
        match.set("left", left);
        match.set("right", right);
        return object("match", match);
    }

    static JsonNode concat(JsonNode... parts) {
        return object("concat", array(parts));
    }

    static JsonNode go(String chain) {
        return object("goto", JSON.objectNode().put("target", chain));
    }

    static JsonNode jump(String chain) {
        return object("jump", JSON.objectNode().put("target", chain));
    }

    static JsonNode verdicts(JsonNode key, JsonNode data) {
        ObjectNode map = JSON.objectNode();
        map.set("key", key);
        map.set("data", data);
        return object("vmap", map);
    }

    static JsonNode random(int bound) {
        return object(
                "numgen",
                JSON.objectNode().put("mode", "random").put("mod", bound).put("offset", 0));
    }

    static JsonNode toLocal() {
        ObjectNode fib = JSON.objectNode().put("result", "type");
        fib.set("flags", array(text("daddr")));
        return match("==", object("fib", fib), text("local"));
    }

    static JsonNode newConnection() {
        return match("in", object("ct", JSON.objectNode().put("key", "state")), text("new"));
    }

    static JsonNode prefix(String cidr) {
        int slash = cidr.indexOf('/');
        ObjectNode prefix = JSON.objectNode().put("addr", cidr.substring(0, slash));
        prefix.put("len", Integer.parseInt(cidr.substring(slash + 1)));
        return object("prefix", prefix);
    }

    static JsonNode setMark(int bit) {
        ObjectNode mangle = JSON.objectNode();
        mangle.set("key", meta("mark"));
        mangle.set("value", object("|", array(meta("mark"), number(bit))));
        return object("mangle", mangle);
    }

    static JsonNode hasMark(int bit) {
        return match("!=", object("&", array(meta("mark"), number(bit))), number(0));
    }

    static JsonNode dnat(String address, int port) {
        return object("dnat", JSON.objectNode().put("addr", address).put("port", port));
    }

    static JsonNode updateSet(JsonNode element, String set) {
        ObjectNode update = JSON.objectNode().put("op", "update").put("set", "@" + set);
        update.set("elem", element);
        return object("set", update);
    }
}
