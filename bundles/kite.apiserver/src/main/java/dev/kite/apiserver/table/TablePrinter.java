package dev.kite.apiserver.table;

import java.util.List;

/** How one kind's objects are shown: its columns. Immutable; had from {@link Tables}. */
public final class TablePrinter {
    private final List<Column> columns;
    private final boolean pods;

    TablePrinter(List<Column> columns, boolean pods) {
        this.columns = List.copyOf(columns);
        this.pods = pods;
    }

    /** @return the columns' heads */
    public List<ColumnDefinition> heads() {
        return columns.stream().map(Column::head).toList();
    }

    List<Column> columns() {
        return columns;
    }

    /** Whether rows tell, in a condition, that their pod has ended. */
    boolean pods() {
        return pods;
    }
}
