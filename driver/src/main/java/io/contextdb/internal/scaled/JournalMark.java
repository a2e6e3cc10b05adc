package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Marks the present in a journal. The end of what is handed out does not: what is committed already may still have to wait for
 * a transaction that began before it.
 */
final class JournalMark {
    private static final String KEY = "mark";

    private JournalMark() {}

    /** Writes an entry that changes nothing, and returns the id of its operation. */
    static UUID write(Journal journal, Deadline deadline) {
        WriteBatch nothing =
                WriteBatch.of(SystemKeys.NAMESPACE, List.of(new KeyMutation.DeleteKey(KEY, Condition.none())));
        journal.apply(nothing, NoteForm.write(Map.of()), deadline);
        return nothing.operationId();
    }

    /** Writes such an entry, and returns its position: all that was committed before it lies before that. */
    static JournalPosition now(Journal journal, Deadline deadline) {
        return journal.entry(SystemKeys.NAMESPACE, write(journal, deadline), deadline)
                .map(JournalEntry::position)
                .orElseThrow(() -> new ContextUnavailableException("the source has lost what it just committed"));
    }
}
