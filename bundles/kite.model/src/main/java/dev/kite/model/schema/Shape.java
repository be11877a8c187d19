package dev.kite.model.schema;

/** How a field's values are arranged. The order is the generator's. */
public enum Shape {
    /** One value. */
    SINGLE,
    /** A list. */
    LIST,
    /** A map with string keys. */
    MAP,
    /** A map from strings to lists of strings; in protobuf each list is a message. */
    MAP_OF_LISTS,
    /** A list that in protobuf is a message of its own. */
    LIST_MESSAGE;

    /** Whether it is a list in JSON. */
    public boolean isList() {
        return this == LIST || this == LIST_MESSAGE;
    }

    /** Whether it is an object with free keys in JSON. */
    public boolean isMap() {
        return this == MAP || this == MAP_OF_LISTS;
    }
}
