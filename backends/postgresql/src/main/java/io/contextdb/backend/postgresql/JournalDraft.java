package io.contextdb.backend.postgresql;

import io.contextdb.spi.journal.PointChange;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a batch's entry in the journal will say. It is written whether anybody follows or not: whoever begins to follow while older
 * processes still write would never hear of what they write otherwise. Made anew for each attempt to write the batch. Not
 * thread-safe.
 */
final class JournalDraft {
    /** What follows the columns of an operation. */
    static final String COLUMNS = "xid, points, note";
    /**
     * Their values, from {@code points} and {@code note} of j; a batch without both is no entry. What is not there is bound as
     * empty bytes.
     */
    static final String VALUES =
            "CASE WHEN octet_length(j.points) + octet_length(j.note) > 0 THEN pg_current_xact_id() END,"
                    + " nullif(j.points, ''::bytea), nullif(j.note, ''::bytea)";

    private final Waiting waiting;
    private final Set<PointChange> changed = new LinkedHashSet<>();

    JournalDraft(Waiting waiting) {
        this.waiting = waiting;
    }

    /** Says that a point was put or deleted. */
    void changed(int space, UUID point) {
        changed.add(new PointChange(space, point));
    }

    /** Says that a space was dropped; its points are not told of one by one. */
    void dropped(int space) {
        changed.removeIf(change -> change.space() == space);
    }

    /** Returns the points that changed as the column holds them; empty if none did. */
    byte[] points() {
        return ChangedPoints.write(changed);
    }

    /** Returns the note; empty if there is none. */
    byte[] note() {
        return waiting.note.toArray();
    }
}
