package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.NamespaceName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which keys that keep batches from being applied are there. Looked for by the transaction once it has its number, as a transaction
 * that puts one and then writes an entry has a greater one. Not thread-safe.
 */
final class Vetoes {
    private static final String THERE = """
            SELECT n.name, e.key FROM %s v
              JOIN cdb.namespace n ON n.name = v.namespace JOIN cdb.entry e ON e.ns = n.id AND e.key = v.key
             WHERE e.expires_at > cdb.clock()
            """.formatted(ArrayRows.of("namespace text, key text"));

    private final Set<Veto> there = new HashSet<>();

    /** Has a transaction look for what would keep batches from being applied; its lock comes before. */
    void load(Script script, List<Veto> all, Reach reach) {
        if (all.isEmpty()) {
            return;
        }
        if (reach.isTold()) {
            script.run(Reach.TELL, Reach.EVERYWHERE.told());
        }
        script.rows(
                row -> there.add(new Veto(NamespaceName.of(row.getString(1)), row.getString(2))),
                THERE,
                Many.texts(all.stream().map(veto -> veto.namespace().value()).toList()),
                Many.texts(all.stream().map(Veto::key).toList()));
        if (reach.isTold()) {
            script.run(Reach.TELL, reach.told());
        }
    }

    /** Refuses a batch that must not be applied. */
    void check(List<Veto> vetoes) {
        for (Veto veto : vetoes) {
            if (there.contains(veto)) {
                throw new ContextConflictException("key '" + veto.key() + "' keeps the batch from being applied");
            }
        }
    }
}
