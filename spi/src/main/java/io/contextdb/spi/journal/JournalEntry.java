package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What others must know of a committed batch. Batches that change no point and carry no note have none.
 *
 * @param position its place
 * @param namespace the batch's namespace
 * @param operationId the batch's operation id
 * @param committedAt time of the commit, by the store's clock
 * @param points the points that it changed, in any order; those of a space that it dropped are not listed
 * @param note what the driver wrote with the batch ({@link Journal#apply}); empty if nothing, or if it was forgotten since
 */
public record JournalEntry(
        JournalPosition position,
        NamespaceName namespace,
        UUID operationId,
        Instant committedAt,
        List<PointChange> points,
        Bytes note) {
    /** Copies. */
    public JournalEntry {
        Check.notNull("entry.position", position);
        Check.notNull("entry.namespace", namespace);
        Check.notNull("entry.operationId", operationId);
        Check.notNull("entry.committedAt", committedAt);
        points = Check.list("entry.points", points, Integer.MAX_VALUE);
        Check.notNull("entry.note", note);
    }
}
