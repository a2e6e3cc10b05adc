package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.InvalidRequestException;
import java.util.regex.Pattern;

/**
 * Puts the names of the schemas into SQL text, where {@code cdb.} stands for the store's and {@code vec.} for pgvector's.
 * Nothing depends on the search path, which poolers in front of the server do not keep.
 *
 * @param schema the store's schema
 * @param vectors the schema that holds the extension
 */
record Names(String schema, String vectors) {
    private static final Pattern ALLOWED = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** Refuses names that would need more than quotes. */
    Names {
        if (!ALLOWED.matcher(schema).matches()) {
            throw new InvalidRequestException("schema", "must match " + ALLOWED + ", is '" + schema + "'");
        }
    }

    String in(String sql) {
        return sql.replace("cdb.", quoted(schema) + ".").replace("vec.", quoted(vectors) + ".");
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
