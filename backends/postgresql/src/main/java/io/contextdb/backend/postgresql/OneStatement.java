package io.contextdb.backend.postgresql;

import io.contextdb.spi.write.WriteReceipt;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A batch that is written in one round trip: the first statement takes the namespace's row; the second looks, in a state that
 * nobody changes any more, whether what it expects holds, and writes if so. If not, nothing is written, and the batch goes the
 * way of all others, which gives it its results or errors.
 */
sealed interface OneStatement permits Additions, KeyPuts {
    /** Takes the namespace's row; one that was dropped is not taken. */
    String LOCK =
            "UPDATE cdb.namespace SET last_time = greatest(last_time + 1, cdb.clock()) WHERE id = ? AND live RETURNING "
                    + BatchGroup.BY_INDEX;

    /** Begins what gives the batch its number and time, or no row. Binds the namespace twice, and the operation id. */
    String COMMIT = """
            c AS MATERIALIZED (
              SELECT s.last_time AS now, nextval('cdb.commit_number') AS no, s.key_floor FROM cdb.namespace s
               WHERE s.id = ? AND s.live AND NOT EXISTS (SELECT FROM cdb.operation o WHERE o.ns = ? AND o.id = ?)
            """;

    /** Writes the batch as a transaction of its own, on a connection without one; empty if nothing was written. */
    Optional<WriteReceipt> write(Snapshot snapshot) throws SQLException;

    boolean hasEvents();

    /** Returns whether another process listens for events, if any were written. */
    boolean isHeard();
}
