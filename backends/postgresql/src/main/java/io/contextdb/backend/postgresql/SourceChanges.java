package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes of sources; evidence is added where it stands, so nothing is loaded (contract N9). */
final class SourceChanges {
    private static final String PUT =
            """
            INSERT INTO cdb.source AS s (ns, external_id, labels, properties, alpha, beta)
            SELECT ?, r.id, coalesce(r.labels, '{}')::text[], coalesce(r.properties, '{}')::jsonb, 1 + r.alpha, 1 + r.beta
              FROM %s r
            ON CONFLICT (ns, external_id) DO UPDATE
               SET labels = excluded.labels, properties = excluded.properties,
                   alpha = s.alpha + (excluded.alpha - 1), beta = s.beta + (excluded.beta - 1)
            """.formatted(ArrayRows.of("id text, labels text, properties text, alpha float8, beta float8"));
    /** The same for sources of which only evidence is added. */
    private static final String ADD =
            PUT.replace("labels = excluded.labels, properties = excluded.properties,\n", "\n");

    private record Change(
            String id, @Nullable String labels, @Nullable String properties, double alpha, double beta) {
        Change and(Change next) {
            return new Change(
                    id,
                    next.labels == null ? labels : next.labels,
                    next.properties == null ? properties : next.properties,
                    alpha + next.alpha,
                    beta + next.beta);
        }
    }

    private final Pending<Change> changes = new Pending<>();

    MutationResult put(GraphMutation.PutSource put) {
        changes.add(
                new Change(put.externalId(), Columns.array(put.labels()), JsonColumn.write(put.properties()), 0, 0));
        return new MutationResult.Done();
    }

    MutationResult add(GraphMutation.AddEvidence add) {
        changes.add(new Change(add.externalId(), null, null, add.alpha(), add.beta()));
        return new MutationResult.Done();
    }

    void keep() {
        changes.keep();
    }

    void undo() {
        changes.undo();
    }

    void flush(Script script, int namespace) {
        Map<String, Change> summed = new LinkedHashMap<>();
        changes.all().forEach(change -> summed.merge(change.id(), change, Change::and));
        write(
                script,
                PUT,
                namespace,
                summed.values().stream()
                        .filter(change -> change.labels() != null)
                        .toList());
        write(
                script,
                ADD,
                namespace,
                summed.values().stream()
                        .filter(change -> change.labels() == null)
                        .toList());
    }

    private static void write(Script script, String sql, int namespace, List<Change> changes) {
        if (!changes.isEmpty()) {
            script.run(
                    sql,
                    namespace,
                    Many.texts(changes, Change::id),
                    Many.texts(changes, Change::labels),
                    Many.texts(changes, Change::properties),
                    Many.doubles(changes, Change::alpha),
                    Many.doubles(changes, Change::beta));
        }
    }
}
