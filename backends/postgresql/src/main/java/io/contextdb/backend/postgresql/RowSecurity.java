package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the server itself keeps statements within the namespace of their call. It is a property of the store: once it is on,
 * all processes tell the server where they are, whatever option they were opened with.
 *
 * @param isOn whether it is
 */
record RowSecurity(boolean isOn) {
    /** Whether a store is to have it. */
    enum Use {
        /** It stays as it is. */
        OFF,
        /** It is turned on. */
        ON
    }

    private static final String TABLES = """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, pg_has_role(c.relowner, 'USAGE')
              FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND p.polname = 'told_namespace' ORDER BY c.relname
            """;
    private static final String HOLDS = "SELECT row_security_active('cdb.node'), current_user::text";

    /** SQL that gives the state as a text; binds the schema. */
    static final String STATE = """
            (SELECT CASE WHEN NOT bool_or(c.relrowsecurity) THEN 'off'
                         WHEN NOT bool_and(c.relrowsecurity AND c.relforcerowsecurity) THEN 'on for some tables only'
                         WHEN NOT bool_and(row_security_active(c.oid)) THEN 'on, but it does not hold this user'
                         ELSE 'on' END
               FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ? AND p.polname = 'told_namespace')
            """;

    private record Table(String name, boolean forced, boolean owned) {}

    /** Turns it on where that is wanted, or completes it where it is on already, and returns how it is. */
    static RowSecurity open(Connections connections, Names names, Use use, boolean creates, Deadline deadline) {
        return connections.read(deadline, connection -> {
            List<Table> tables = tables(connection, names);
            boolean on = (use == Use.ON && creates) || tables.stream().anyMatch(Table::forced);
            if (on && creates) {
                complete(connection, names, tables);
            }
            if (use == Use.ON && on) {
                check(connection, names);
            }
            return new RowSecurity(on);
        });
    }

    private static List<Table> tables(Connection connection, Names names) throws SQLException {
        List<Table> tables = new ArrayList<>();
        new Script()
                .rows(
                        row -> tables.add(new Table(row.getString(1), row.getBoolean(2), row.getBoolean(3))),
                        TABLES,
                        names.schema())
                .send(connection, names, Reach.UNTOLD);
        return tables;
    }

    /** Each table by itself: with a lock on one only, nobody who works meanwhile can be in a deadlock with it. */
    private static void complete(Connection connection, Names names, List<Table> tables) throws SQLException {
        for (Table table : tables) {
            if (!table.forced() && !table.owned()) {
                throw new AccessDeniedException(
                        "row-level security of " + names.schema() + "." + table.name()
                                + " can be turned on by the owner of the table only; open the store as its owner once",
                        null);
            }
            if (!table.forced()) {
                // Forced, as the owner of a table, who mostly is the user, would not be held otherwise.
                new Script()
                        .run("ALTER TABLE cdb." + table.name() + " ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
                        .send(connection, names, Reach.UNTOLD);
            }
        }
    }

    private static void check(Connection connection, Names names) throws SQLException {
        boolean[] holds = {false};
        String[] user = {""};
        new Script()
                .rows(
                        row -> {
                            holds[0] = row.getBoolean(1);
                            user[0] = row.getString(2);
                        },
                        HOLDS)
                .send(connection, names, Reach.UNTOLD);
        if (!holds[0]) {
            throw new InvalidRequestException(
                    "rls",
                    "has no effect for user '" + user[0] + "', who is a superuser or has BYPASSRLS; connect as a user"
                            + " without these rights");
        }
    }

    /** Returns the reach of a call to a namespace. */
    Reach within(int namespace) {
        return isOn ? Reach.of(namespace) : Reach.UNTOLD;
    }

    /** Returns the reach of work that spans namespaces. */
    Reach everywhere() {
        return isOn ? Reach.EVERYWHERE : Reach.UNTOLD;
    }

    /** Returns whether a state, as {@link #STATE} gives it, is not what this store relies on. */
    boolean isAtRisk(String state) {
        return isOn ? !state.equals("on") : !state.equals("off");
    }
}
