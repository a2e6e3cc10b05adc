package io.contextdb.spi.journal;

import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a store that decides tells those that follow it: which points changed and what the driver noted, written by the commit
 * itself (contract S7). Thread-safe.
 */
public interface Journal {
    /** Returns which store this is, and which course of its commits; asks the store. */
    History history(Deadline deadline);

    /** Applies a batch as {@link io.contextdb.spi.Backend#apply} does, and keeps a note with its entry. */
    default WriteReceipt apply(WriteBatch batch, Bytes note, Deadline deadline) {
        return apply(batch, note, List.of(), deadline);
    }

    /**
     * Applies a batch so, unless a veto is there. Vetoes are looked for once the batch has its place in the journal: whoever puts
     * the key, and then writes an entry, finds every entry that was written without the veto before his own. What was applied
     * before is only repeated.
     *
     * @throws io.contextdb.spi.error.ContextConflictException if a veto is there; nothing is applied
     */
    WriteReceipt apply(WriteBatch batch, Bytes note, List<Veto> vetoes, Deadline deadline);

    /**
     * Removes a namespace as {@link io.contextdb.spi.NamespaceAdmin#drop} does, unless a veto is there, and keeps a note of it, also
     * where nothing is there. Entries of before stay, with their notes: others may still need them.
     *
     * @param note not empty
     * @throws io.contextdb.spi.error.ContextConflictException if a veto is there; nothing is removed
     */
    CommitToken drop(NamespaceDrop drop, Bytes note, List<Veto> vetoes, Deadline deadline);

    /**
     * Returns entries after a position, in order. No entry will ever appear at or before the last one returned, so that a reader
     * who goes on from there misses nothing. There may be fewer than the limit though more could be had, where they are
     * large; only an empty list says that there are none now. Entries stay for 7 days at least, those with notes until these are
     * forgotten.
     *
     * @param limit most entries, 1 to 10,000
     */
    List<JournalEntry> read(JournalPosition after, int limit, Deadline deadline);

    /** Returns the position of the last entry that {@link #read} hands out at this moment; the start if there is none. */
    JournalPosition end(Deadline deadline);

    /** Returns the entry of an operation, committed at this moment or before; empty if there is none. */
    Optional<JournalEntry> entry(NamespaceName namespace, UUID operationId, Deadline deadline);

    /**
     * Returns what changed in a space by commits after a position, all that are committed at this moment included.
     *
     * @param space name of the space; one that does not exist is
     *     {@link io.contextdb.spi.error.ErrorCode#NOT_FOUND}, as in {@link io.contextdb.spi.vector.VectorReader}
     * @param limit most points, 1 to 10,000
     */
    Tail tail(ReadScope scope, String space, JournalPosition after, int limit);

    /** Returns how much is committed after a position. */
    Backlog backlog(JournalPosition after, Deadline deadline);

    /**
     * Returns entries of a namespace after a position whose notes were not emptied, in order, all that are committed at this moment
     * included. There may be fewer than the limit though more could be had, as in {@link #read}; only an empty list says that there
     * are none.
     *
     * @param limit most entries, 1 to 10,000
     */
    List<JournalEntry> noted(NamespaceName namespace, JournalPosition after, int limit, Deadline deadline);

    /** Empties the notes of entries up to a position that were committed before an instant. */
    void forgetNotes(JournalPosition upTo, Instant before, Deadline deadline);

    /** Returns the vector spaces that exist, ordered by number. */
    Page<SpaceRef> spaces(PageRequest page, Deadline deadline);

    /** Returns the vector spaces of those numbers that exist, in any order; at most 10,000 numbers. */
    List<SpaceRef> spaces(Collection<Long> ids, Deadline deadline);

    /** Returns points as they are now, with their versions, in any order, absent ones left out; at most 10,000 ids. */
    List<VersionedPoint> points(long space, Collection<UUID> ids, Deadline deadline);

    /** Returns which points a space has now, ordered by id. */
    Page<PointVersion> versions(long space, PageRequest page, Deadline deadline);
}
