package dev.kite.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** One connection, its prepared statements and its transactions. For one thread at a time. */
public final class Session implements AutoCloseable {
    /** Work inside a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    public Session(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** The statement for this SQL, prepared once. */
    public PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** Runs a statement, or several, that is not worth keeping. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** The first column of the first row; 0 when there is none or it is null. */
    public long queryLong(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Runs the work in a transaction of its own. */
    <T> T transaction(boolean write, String doing, Work<T> work) {
        try {
            dialect.begin(this, write);
            T result;
            try {
                result = work.run(this);
                dialect.commit(this);
            } catch (SQLException | RuntimeException | Error e) {
                rollback(e);
                throw e;
            }
            if (write) {
                dialect.committed(this);
            }
            return result;
        } catch (SQLException e) {
            throw dialect.translate(e, doing);
        }
    }

    private void rollback(Throwable cause) {
        // SQLite's driver ends the statement that failed, and does not say which: all are prepared anew.
        forget(cause);
        try {
            dialect.rollback(this);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void forget(Throwable cause) {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
        statements.clear();
    }

    @Override
    public void close() {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            throw dialect.translate(e, "closing");
        }
    }
}
