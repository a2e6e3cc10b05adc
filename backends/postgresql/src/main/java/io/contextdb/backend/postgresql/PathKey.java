package io.contextdb.backend.postgresql;

import java.util.List;

/**
 * The total order of values (contract D2) as columns of SQL: the rank of the type, then the number, then the string, then lists
 * and maps as bytes. An expression of type {@code jsonb} stands for the value; it is NULL where the value is absent.
 */
final class PathKey {
    /** Characters of a string that indexes hold: no row of an index may be longer than a third of a page. */
    static final int INDEXED = 200;

    private PathKey() {}

    static String rank(String value) {
        return """
                (CASE coalesce(jsonb_typeof(VALUE), '') WHEN '' THEN -1 WHEN 'null' THEN 0 WHEN 'boolean' THEN 1
                      WHEN 'number' THEN 2 WHEN 'string' THEN 3 WHEN 'array' THEN 5 ELSE 6 END)""".replace("VALUE", value);
    }

    static String number(String value) {
        return """
                (CASE jsonb_typeof(VALUE) WHEN 'number' THEN (VALUE #>> '{}')::numeric
                      WHEN 'boolean' THEN CASE WHEN VALUE = 'true' THEN 1 ELSE 0 END ELSE 0 END)""".replace("VALUE", value);
    }

    static String string(String value) {
        return """
                (CASE jsonb_typeof(VALUE) WHEN 'string' THEN VALUE #>> '{}' ELSE '' END COLLATE "C")""".replace("VALUE", value);
    }

    static String nested(String value) {
        return """
                (CASE WHEN jsonb_typeof(VALUE) IN ('array', 'object') THEN cdb.order_key(VALUE) ELSE ''::bytea END)""".replace("VALUE", value);
    }

    /** Returns what an index holds of a string. */
    static String prefix(String string) {
        return "left(" + string + ", " + INDEXED + ")";
    }

    /** Returns the value at a path of {@code body}, the path written out, as an index and what is to use it must have it. */
    static String literal(String body, List<String> path) {
        StringBuilder value = new StringBuilder("(").append(body);
        for (String step : path) {
            value.append(" -> ").append(literal(step));
        }
        return value.append(')').toString();
    }

    /** Everything but letters and digits of ASCII is escaped, so that nothing in it is SQL. */
    private static String literal(String text) {
        StringBuilder literal = new StringBuilder("E'");
        text.codePoints().forEach(c -> {
            boolean plain = c < 128 && Character.isLetterOrDigit(c);
            literal.append(plain ? Character.toString(c) : String.format("\\U%08X", c));
        });
        return literal.append("'::text").toString();
    }
}
