package io.contextdb.backend.embedded;

import io.contextdb.spi.filter.Field;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The declared paths of documents (contract D4): where each document of a collection stands by the value at a path. */
final class DocumentIndex {
    static final String PATHS = "SELECT id, path FROM document_path WHERE ns = ? AND collection = ?";

    private static final String KNOWN =
            "SELECT count(*) FROM document_path WHERE ns = ? AND collection = ? AND path = ?";
    private static final String DECLARE =
            "INSERT INTO document_path (ns, collection, path) VALUES (?, ?, ?) RETURNING id";
    private static final String BODIES =
            "SELECT id, body FROM document WHERE ns = ? AND collection = ? AND id > ? ORDER BY id LIMIT ?";
    private static final String ADD = "INSERT OR IGNORE INTO document_value (path, value, id) VALUES (?, ?, ?)";
    private static final String REMOVE = "DELETE FROM document_value WHERE path = ? AND value = ? AND id = ?";
    private static final String DECLARED_BEFORE = "SELECT ns, collection, path FROM document_path_1";
    private static final int PIECE = 500;

    /**
     * A declared path.
     *
     * @param id interned
     * @param field the path as filters name it
     */
    record Path(long id, Field field) {}

    private record Body(String id, String json) {}

    private DocumentIndex() {}

    static List<Path> paths(Database database, long namespace, String collection) throws SQLException {
        return database.list(PATHS, row -> new Path(row.getLong(1), field(row.getString(2))), namespace, collection);
    }

    private static Field field(String path) {
        return Field.property(StoredJson.strings(path).toArray(String[]::new));
    }

    /** Adds every document of the collection, if the path was not declared before. */
    static void declare(Database database, long namespace, String collection, String path) throws SQLException {
        if (database.number(KNOWN, namespace, collection, path) > 0) {
            return;
        }
        Path declared = new Path(database.number(DECLARE, namespace, collection, path), field(path));
        String after = "";
        List<Body> piece;
        do {
            piece = new ArrayList<>(database.list(
                    BODIES, row -> new Body(row.getString(1), row.getString(2)), namespace, collection, after, PIECE));
            for (Body body : piece) {
                database.update(ADD, declared.id(), value(declared, body.json()), body.id());
                after = body.id();
            }
        } while (piece.size() == PIECE);
    }

    /**
     * Moves a document to where its new body stands.
     *
     * @param before the body until now; "" if there was none
     * @param now the new body; "" if it is removed
     */
    static void move(Database database, List<Path> paths, String id, String before, String now) throws SQLException {
        for (Path path : paths) {
            byte[] old = before.isEmpty() ? new byte[0] : value(path, before);
            byte[] next = now.isEmpty() ? new byte[0] : value(path, now);
            if (!Arrays.equals(old, next)) {
                if (old.length > 0) {
                    database.update(REMOVE, path.id(), old, id);
                }
                if (next.length > 0) {
                    database.update(ADD, path.id(), next, id);
                }
            }
        }
    }

    private static byte[] value(Path path, String json) {
        var body = StoredJson.properties(json);
        return body.contains(path.field().path())
                ? OrderedValue.of(body.get(path.field().path()))
                : new byte[] {OrderedValue.ABSENT};
    }

    /** Makes indexes of what was declared to a store of format 1, which only remembered it. */
    static void upgrade(Database database) throws SQLException {
        record Declared(long namespace, String collection, String path) {}
        for (Declared each : database.list(
                DECLARED_BEFORE, row -> new Declared(row.getLong(1), row.getString(2), row.getString(3)))) {
            declare(database, each.namespace(), each.collection(), each.path());
        }
        database.script("DROP TABLE document_path_1");
    }
}
