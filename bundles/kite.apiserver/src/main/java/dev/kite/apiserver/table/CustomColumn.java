package dev.kite.apiserver.table;

/**
 * A column of a custom kind, as additionalPrinterColumns has it.
 *
 * @param name the header
 * @param type string, integer, number, boolean or date
 * @param format a hint such as byte or date-time, may be empty
 * @param description one line, may be empty
 * @param priority 0 shows always, more only with -o wide
 * @param jsonPath where the value is, for example {@code .status.phase}
 */
public record CustomColumn(
        String name, String type, String format, String description, int priority, String jsonPath) {}
