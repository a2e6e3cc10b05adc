package io.contextdb.backend.embedded;

import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Applies changes of documents (contract D). Versions rise across removals, as those of keys do. */
final class DocumentWriter {
    private static final String VERSION = "SELECT version FROM document WHERE ns = ? AND collection = ? AND id = ?";
    private static final String BODY = "SELECT body, subject FROM document WHERE ns = ? AND collection = ? AND id = ?";
    private static final String PUT = """
            INSERT INTO document (ns, collection, id, version, updated_at, subject, body) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (ns, collection, id) DO UPDATE SET version = excluded.version,
                updated_at = excluded.updated_at, subject = excluded.subject, body = excluded.body
            """;
    private static final String DELETE = "DELETE FROM document WHERE ns = ? AND collection = ? AND id = ?";

    private static final String FLOOR = "SELECT document_floor FROM namespace WHERE id = ?";
    private static final String RAISE = "UPDATE namespace SET document_floor = max(document_floor, ?) WHERE id = ?";

    private record Stored(String body, String subject) {}

    private DocumentWriter() {}

    static MutationResult apply(BatchTransaction batch, DocumentMutation mutation) throws SQLException {
        return switch (mutation) {
            case DocumentMutation.PutDocument put -> put(batch, put);
            case DocumentMutation.PatchDocument patch -> patch(batch, patch);
            case DocumentMutation.DeleteDocument delete -> delete(batch, delete);
            case DocumentMutation.DeclareIndex declare -> {
                DocumentIndex.declare(
                        batch.database(), batch.namespace(), declare.collection(), StoredJson.write(declare.path()));
                batch.forgetPaths();
                yield new MutationResult.Done();
            }
        };
    }

    private static MutationResult put(BatchTransaction batch, DocumentMutation.PutDocument put) throws SQLException {
        long version = version(batch, put.collection(), put.id());
        Optional<MutationResult> unmet = batch.unmet(put.condition(), version, "document " + put.id());
        return unmet.isPresent()
                ? unmet.get()
                : write(batch, put.collection(), put.id(), version, put.subject(), StoredJson.write(put.body()));
    }

    private static MutationResult patch(BatchTransaction batch, DocumentMutation.PatchDocument patch)
            throws SQLException {
        long version = version(batch, patch.collection(), patch.id());
        Optional<MutationResult> unmet = batch.unmet(patch.condition(), version, "document " + patch.id());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        Stored old = batch.database()
                .first(
                        BODY,
                        row -> new Stored(row.getString(1), row.getString(2)),
                        batch.namespace(),
                        patch.collection(),
                        patch.id())
                .orElse(new Stored("{}", ""));
        PropertyMap body = StoredJson.properties(old.body()).patched(patch.patch());
        return write(batch, patch.collection(), patch.id(), version, old.subject(), StoredJson.write(body));
    }

    private static MutationResult delete(BatchTransaction batch, DocumentMutation.DeleteDocument delete)
            throws SQLException {
        long version = version(batch, delete.collection(), delete.id());
        Optional<MutationResult> unmet = batch.unmet(delete.condition(), version, "document " + delete.id());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        remove(batch, delete.collection(), delete.id());
        return new MutationResult.Removed(version == 0 ? 0 : 1);
    }

    static void remove(BatchTransaction batch, String collection, String id) throws SQLException {
        batch.database().update(RAISE, version(batch, collection, id), batch.namespace());
        move(batch, collection, id, "");
        batch.database().update(DELETE, batch.namespace(), collection, id);
    }

    private static MutationResult write(
            BatchTransaction batch, String collection, String id, long version, String subject, String body)
            throws SQLException {
        long next = 1 + (version == 0 ? batch.database().number(FLOOR, batch.namespace()) : version);
        move(batch, collection, id, body);
        batch.database().update(PUT, batch.namespace(), collection, id, next, batch.time(), subject, body);
        return new MutationResult.Written(next);
    }

    private static void move(BatchTransaction batch, String collection, String id, String body) throws SQLException {
        List<DocumentIndex.Path> paths = batch.paths(collection);
        if (!paths.isEmpty()) {
            String before = batch.database()
                    .first(BODY, row -> row.getString(1), batch.namespace(), collection, id)
                    .orElse("");
            DocumentIndex.move(batch.database(), paths, id, before, body);
        }
    }

    private static long version(BatchTransaction batch, String collection, String id) throws SQLException {
        return batch.database().number(VERSION, batch.namespace(), collection, id);
    }
}
