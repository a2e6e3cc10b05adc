package io.contextdb.backend.postgresql;

import io.contextdb.spi.IntegrityCheck;
import io.contextdb.spi.IntegrityReport;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether what is kept beside records agrees with them: postings with texts, sums of spaces with postings, and records with one
 * another. Whether pages are whole is the server's to know ({@code data_checksums}, {@code pg_amcheck}).
 */
final class PostgresIntegrity implements IntegrityCheck {
    private static final String SPACES =
            "SELECT s.id, s.ns, s.name, n.name FROM cdb.space s JOIN cdb.namespace n ON n.id = s.ns ORDER BY s.id";
    /** A look may take longer than calls of the application's may. */
    private static final String UNHURRIED = "SELECT set_config('statement_timeout', '0', TRUE)";

    private static final String ONE_STATE = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private record Place(int space, int namespace, String name) {}

    private final Store store;

    PostgresIntegrity(Store store) {
        this.store = store;
    }

    @Override
    public IntegrityReport verify(Deadline deadline) {
        return look(deadline, false);
    }

    @Override
    public IntegrityReport repair(Deadline deadline) {
        return look(deadline, true);
    }

    private IntegrityReport look(Deadline deadline, boolean mends) {
        Findings findings = new Findings();
        for (Place place : spaces(deadline)) {
            store.connections().read(deadline, connection -> {
                Snapshot state = oneState(connection, deadline);
                new PostingCheck(store.names(), place.space(), place.name(), findings, wrong -> {
                            if (mends) {
                                mend(place, wrong, deadline);
                            }
                        })
                        .look(state.connection());
                return true;
            });
        }
        store.connections().read(deadline, connection -> {
            Snapshot state = oneState(connection, deadline);
            TextCounts.look(state, findings);
            Relations.look(state, findings);
            return true;
        });
        if (mends) {
            store.connections().read(deadline, connection -> {
                Snapshot everywhere = store.everywhere(connection, deadline);
                Relations.mend(everywhere);
                TextCounts.mend(everywhere);
                return true;
            });
        }
        return findings.report();
    }

    /** Begins a transaction that sees one state, and all of it. */
    private Snapshot oneState(Connection connection, Deadline deadline) throws SQLException {
        connection.setAutoCommit(false);
        Snapshot everywhere = store.everywhere(connection, deadline);
        new Script().run(ONE_STATE).send(connection, store.names(), Reach.UNTOLD);
        // The namespace is told for the length of the transaction, so for what follows too.
        everywhere.send(new Script().run(UNHURRIED));
        return everywhere;
    }

    private List<Place> spaces(Deadline deadline) {
        List<Place> places = new ArrayList<>();
        store.connections().read(deadline, connection -> {
            store.everywhere(connection, deadline)
                    .send(new Script()
                            .rows(
                                    row -> places.add(new Place(
                                            row.getInt(1),
                                            row.getInt(2),
                                            "namespace " + row.getString(4) + ", space " + row.getString(3))),
                                    SPACES));
            return true;
        });
        return places;
    }

    /** Mends a portion by another connection, as the look goes on. */
    private void mend(Place place, List<PostingCheck.Wrong> wrong, Deadline deadline) {
        store.background().read(deadline, connection -> {
            PostingRepair.mend(
                    new Snapshot(
                            connection,
                            store.names(),
                            place.namespace(),
                            store.rowSecurity().within(place.namespace()),
                            deadline),
                    place.space(),
                    wrong);
            return true;
        });
    }
}
