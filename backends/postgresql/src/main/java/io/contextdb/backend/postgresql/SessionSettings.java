package io.contextdb.backend.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * The settings of a session that can change an answer, whoever set them: the server, the database, the user, or an application on its own
 * connections. A connection of our own is given what they must be, in the round trip that tells how they are; connections that are others'
 * too, a pooler's or lent ones, are never set, and refused where a setting would bend an answer.
 *
 * <p>What is left out changes no answer. The SQL of this backend has no backslash in a literal but in E'', names every schema, compares
 * text by code point, stores times as numbers, and has no triggers ({@code standard_conforming_strings}, {@code backslash_quote},
 * {@code search_path} but for what is said below, {@code lc_*}, {@code DateStyle}, {@code IntervalStyle}, {@code TimeZone},
 * {@code session_replication_role}, {@code xmloption}, {@code quote_all_identifiers}). pgjdbc sees to {@code client_encoding}, and reads
 * bytes of either {@code bytea_output}. Time-outs end calls, and say so. Planner switches, {@code plan_cache_mode}, {@code hnsw.*} and
 * {@code ivfflat.*} change how long a search takes; one that gives too few is searched exactly. {@code role} changes what may be done.
 * {@code synchronous_commit} is {@link Durability}'s.
 */
final class SessionSettings {
    /**
     * A setting.
     *
     * @param pinned what connections of our own are given; empty if that is left to the server
     * @param allowed what connections that are others' too must have, as it is shown
     * @param otherwise what would happen else, as a part of a sentence
     */
    private record Setting(String name, String pinned, Pattern allowed, String otherwise) {
        Setting(String name, String pinned, String allowed, String otherwise) {
            this(name, pinned, Pattern.compile(allowed), otherwise);
        }
    }

    private static final Pattern ANY = Pattern.compile(".*");

    private static final List<Setting> ALL = List.of(
            new Setting("extra_float_digits", "1", "[1-3]", "vectors and numbers would come back rounded"),
            new Setting("array_nulls", "on", "on", "values that are absent would be stored as the text NULL"),
            new Setting("gin_fuzzy_search_limit", "0", "0", "filters would miss some of what matches"),
            new Setting(
                    "client_min_messages",
                    "warning",
                    "debug[1-5]|log|info|notice|warning",
                    "a commit that was not replicated would look like one that was"),
            new Setting(
                    "default_transaction_isolation",
                    "read committed",
                    "read committed",
                    "a writer that waited for another would not see what that one did"),
            // Not pinned: an operator who has a server take no writes is not to be overruled, and others are looked
            // for.
            new Setting("default_transaction_read_only", "", "off", "nothing could be written"),
            new Setting("row_security", "on", "on|off", ""),
            new Setting("standard_conforming_strings", "on", "on|off", ""));
    /** Functions of other schemas would stand in for the server's. */
    private static final Pattern HIDDEN = Pattern.compile("[^,]*,.*\\bpg_catalog\\b.*");

    /** A connection that is refused for its settings; no retry helps. */
    static final String REFUSED = "F0000";

    /** To compile a statement takes longer than any of ours runs. */
    private static final Setting UNCOMPILED = new Setting("jit", "off", ANY, "");

    private static final String LOOK = ALL.stream()
            .map(setting -> "current_setting('" + setting.name() + "')")
            .collect(Collectors.joining(", ", "SELECT ", ", current_setting('search_path'), FALSE"));

    /** Sets only where the process that answers is the connection's own, and gives what is set then. */
    private static final String PIN = pin(ALL);

    private static final String PIN_UNCOMPILED = pin(with(UNCOMPILED));

    /** Lent connections that were looked at, by the physical connection. */
    private final Map<PGConnection, Boolean> checked = Collections.synchronizedMap(new WeakHashMap<>());

    private static List<Setting> with(Setting more) {
        List<Setting> all = new ArrayList<>(ALL);
        all.add(more);
        return all;
    }

    private static String pin(List<Setting> settings) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            Setting setting = settings.get(i);
            columns.add(
                    setting.pinned().isEmpty()
                            ? "current_setting('" + setting.name() + "')"
                            : "CASE WHEN p.own THEN set_config('" + setting.name() + "', '" + setting.pinned()
                                    + "', FALSE) ELSE current_setting('" + setting.name() + "') END");
            if (i + 1 == ALL.size()) {
                columns.add("current_setting('search_path'), p.own");
            }
        }
        return "SELECT " + String.join(", ", columns) + " FROM (SELECT pg_backend_pid() = ? AS own) p";
    }

    /**
     * Prepares a new connection of our own.
     *
     * @param compiled whether the application decides itself about just-in-time compilation
     * @return whether the process that answers is the connection's own
     */
    static boolean prepare(Connection connection, boolean compiled) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(compiled ? PIN : PIN_UNCOMPILED)) {
            statement.setInt(1, connection.unwrap(PGConnection.class).getBackendPID());
            return check(statement, "a pooler stands between, through which settings of a session cannot be made");
        }
    }

    /** Looks at a connection that was lent, the first time that it is. */
    void look(Connection connection) throws SQLException {
        PGConnection physical = connection.unwrap(PGConnection.class);
        if (!checked.containsKey(physical)) {
            try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
                check(statement, "the connection is lent, so it is not set here");
            }
            checked.put(physical, true);
        }
    }

    private static boolean check(PreparedStatement statement, String why) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            for (int i = 0; i < ALL.size(); i++) {
                Setting setting = ALL.get(i);
                if (!setting.allowed().matcher(row.getString(i + 1)).matches()) {
                    throw refused(setting.name(), row.getString(i + 1), setting.otherwise(), why);
                }
            }
            String path = row.getString(ALL.size() + 1);
            if (HIDDEN.matcher(path).matches()) {
                throw refused("search_path", path, "functions of other schemas would stand in for the server's", why);
            }
            return row.getBoolean(ALL.size() + 2);
        }
    }

    private static SQLException refused(String name, String value, String otherwise, String why) {
        return new SQLException(
                "connections have " + name + " = " + value + ", by which " + otherwise + "; " + why
                        + ": change it for the server, the database or the user (ALTER ROLE … SET), or where the pool sets it",
                REFUSED);
    }
}
