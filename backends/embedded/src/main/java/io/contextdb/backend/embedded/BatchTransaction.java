package io.contextdb.backend.embedded;

import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One batch as it is applied: where, at what time, and what it has touched. Used by the writer's thread alone. */
final class BatchTransaction {
    private final Database database;
    private final long namespace;
    private final long commit;
    private final long time;
    private final Touched touched;
    /** Declared paths of the collections that the batch has written to. */
    private final Map<String, List<DocumentIndex.Path>> paths = new HashMap<>();

    private int index;

    BatchTransaction(Database database, long namespace, long commit, long time, Touched touched) {
        this.database = database;
        this.namespace = namespace;
        this.commit = commit;
        this.time = time;
        this.touched = touched;
    }

    Database database() {
        return database;
    }

    long namespace() {
        return namespace;
    }

    long commit() {
        return commit;
    }

    /** Returns the transaction time in microseconds. */
    long time() {
        return time;
    }

    Instant instant() {
        return Columns.instant(time);
    }

    Touched touched() {
        return touched;
    }

    /** Returns the declared paths of a collection, asked for once in a batch. */
    List<DocumentIndex.Path> paths(String collection) throws SQLException {
        List<DocumentIndex.Path> known = paths.get(collection);
        if (known == null) {
            known = DocumentIndex.paths(database, namespace, collection);
            paths.put(collection, known);
        }
        return known;
    }

    void forgetPaths() {
        paths.clear();
    }

    /** Returns the position of the mutation that is applied, from 0. */
    int index() {
        return index;
    }

    void at(int mutation) {
        index = mutation;
    }

    /** Returns nothing if the condition holds, else that the mutation is skipped; or fails the batch. */
    Optional<MutationResult> unmet(Condition condition, long version, String entity) {
        if (condition.holds(version)) {
            return Optional.empty();
        }
        return switch (condition.otherwise()) {
            case SKIP -> Optional.of(new MutationResult.Skipped(version));
            case FAIL -> throw failed(expected(condition, version, entity), version, null);
        };
    }

    private static String expected(Condition condition, long version, String entity) {
        String found = version == 0 ? "it is absent" : "its version is " + version;
        return switch (condition.kind()) {
            case ALWAYS -> entity;
            case ABSENT -> entity + " must be absent, " + found;
            case VERSION -> entity + " must have version " + condition.version() + ", " + found;
        };
    }

    PreconditionFailedException failed(String problem, long version, @Nullable UUID holder) {
        return new PreconditionFailedException(index, problem, version, holder);
    }
}
