package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Puts the names of the schemas into SQL text, where {@code cdb.} stands for the store's and {@code vec.} for pgvector's.
 * Nothing depends on the search path, which poolers in front of the server do not keep. Thread-safe.
 */
final class Names {
    private static final Pattern ALLOWED = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final int KNOWN = 1_000;

    private final String schema;
    private final String vectors;
    /** Texts as they are sent: they are few and long, and a text that is the same object is found sooner by pgjdbc too. */
    private final Map<Object, String> known = new ConcurrentHashMap<>();

    /**
     * Refuses a schema whose name would need more than quotes.
     *
     * @param schema the store's schema
     * @param vectors the schema that holds the extension
     */
    Names(String schema, String vectors) {
        if (!ALLOWED.matcher(schema).matches()) {
            throw new InvalidRequestException("schema", "must match " + ALLOWED + ", is '" + schema + "'");
        }
        this.schema = schema;
        this.vectors = vectors;
    }

    /** Returns the store's schema. */
    String schema() {
        return schema;
    }

    /** Returns the schema that holds the extension. */
    String vectors() {
        return vectors;
    }

    String in(String sql) {
        return sql.replace("cdb.", quoted(schema) + ".").replace("vec.", quoted(vectors) + ".");
    }

    /** Returns a text that consists of parts; no name goes across two of them. */
    String in(List<String> parts) {
        // A text remembers its hash code; a list adds it up each time.
        Object key = parts.size() == 1 ? parts.get(0) : parts;
        String text = known.get(key);
        if (text == null) {
            text = in(String.join("", parts));
            if (known.size() >= KNOWN) {
                known.clear();
            }
            known.put(parts.size() == 1 ? key : List.copyOf(parts), text);
        }
        return text;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
