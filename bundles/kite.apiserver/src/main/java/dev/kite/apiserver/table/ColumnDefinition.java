package dev.kite.apiserver.table;

/**
 * A column's head.
 *
 * @param name the header as kubectl shows it, in upper case there
 * @param type string, integer, number, boolean or date
 * @param format name for the object's name, else empty
 * @param description one line
 * @param priority 0 shows always, more only with -o wide
 */
public record ColumnDefinition(String name, String type, String format, String description, int priority) {}
