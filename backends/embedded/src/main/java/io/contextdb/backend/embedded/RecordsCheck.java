package io.contextdb.backend.embedded;

import io.contextdb.spi.Damage;
import io.contextdb.spi.IntegrityCheck;
import io.contextdb.spi.IntegrityReport;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.value.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.store.AlreadyClosedException;

/**
 * Looks at all records of a store: each page against its checksum, each tree and index as SQLite checks them, records that must agree
 * with others, and sums that are kept beside records. Indexes and sums are computed again.
 */
final class RecordsCheck implements IntegrityCheck {
    private static final String TREES = "PRAGMA integrity_check(" + IntegrityReport.LISTED + ")";
    private static final Pattern OF_INDEX =
            Pattern.compile("missing from index (\\S+)|wrong # of entries in index (\\S+)");
    private static final Pattern ID =
            Pattern.compile("([0-9A-F]{8})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{12})");

    private final Store store;

    RecordsCheck(Store store) {
        this.store = store;
    }

    /** One look, and what it has found so far. */
    private final class Look {
        final Deadline deadline;
        final Map<String, Long> checked = new TreeMap<>();
        final List<Damage> damages = new ArrayList<>();
        final Set<String> indexes = new java.util.TreeSet<>();
        final Set<String> mends = new java.util.TreeSet<>();
        long found;
        long repairable;
        boolean indexDamaged;

        Look(Deadline deadline) {
            this.deadline = deadline;
        }

        Look all() {
            try {
                pages();
            } catch (IOException unreadable) {
                add("records.db", "cannot be read: " + unreadable.getMessage(), false);
            }
            trees();
            Relation.ALL.forEach(this::relation);
            index();
            return this;
        }

        private void add(String place, String problem, boolean mendable) {
            found++;
            repairable += mendable ? 1 : 0;
            if (damages.size() < IntegrityReport.LISTED) {
                damages.add(new Damage(place, problem, mendable));
            }
        }

        private void pages() throws IOException {
            Records records = store.records().records();
            PageSums sums = store.records().sums();
            try (StoreFile file = StoreFile.readable(records.file())) {
                PageSums.Found pages = sums.look(file, Set.of(), () -> deadline.check("verify"));
                checked.put("pages", pages.pages());
                SortedSet<Integer> damaged = pages.damaged();
                if (!damaged.isEmpty()) {
                    damaged.retainAll(withoutLog(records, sums, file));
                }
                damaged.forEach(page -> add("page " + page + " of records.db", "checksum differs", false));
                if (pages.unknown() > 0) {
                    add(
                            "records.db-sums",
                            "checksums of " + pages.unknown()
                                    + " pages are damaged; they are made anew at the next opening",
                            false);
                }
            }
            for (String place : DamagedPages.places(records)) {
                add(place, "was damaged, and what it held is lost; its bytes are kept in records.db-damaged", false);
            }
        }

        /** A checkpoint that a long read holds up leaves pages half brought in, all of which stand in the log. */
        private SortedSet<Integer> withoutLog(Records records, PageSums sums, StoreFile file) throws IOException {
            sums.lock().lock();
            try {
                Set<Integer> log =
                        WalFile.look(records.wal(), Records.PAGE_SIZE).pages().keySet();
                return sums.look(file, log, () -> deadline.check("verify")).damaged();
            } finally {
                sums.lock().unlock();
            }
        }

        private void trees() {
            try {
                for (String line : store.read(deadline, database -> database.list(TREES, row -> row.getString(1)))) {
                    if (!line.equals("ok")) {
                        Matcher index = OF_INDEX.matcher(line);
                        boolean mendable = index.find();
                        if (mendable) {
                            indexes.add(index.group(1) == null ? index.group(2) : index.group(1));
                        }
                        add("records.db", line, mendable);
                    }
                }
            } catch (CorruptDataException damaged) {
                add("records.db", String.valueOf(damaged.getMessage()), false);
            }
            checked.put(
                    "trees",
                    store.read(
                            deadline,
                            database -> database.number("SELECT count(*) FROM sqlite_schema WHERE rootpage > 0")));
        }

        private void index() {
            try {
                for (String problem : store.index().verify(deadline)) {
                    indexDamaged = true;
                    add("index", problem, true);
                }
            } catch (IOException unreadable) {
                indexDamaged = true;
                add("index", "cannot be read: " + unreadable, true);
            } catch (ContextUnavailableException | AlreadyClosedException beingMade) {
                add("index", "is being made from the records, and was not looked at: " + beingMade.getMessage(), true);
            }
            checked.put("indexes", 1L);
        }

        private void relation(Relation relation) {
            long before = found;
            try {
                store.read(deadline, database -> {
                    database.each(relation.find(), row -> {
                        add(
                                place(relation, row.getString(1), row.getString(2)),
                                relation.problem(),
                                !relation.mend().isEmpty());
                        return true;
                    });
                    return true;
                });
                if (found > before && !relation.mend().isEmpty()) {
                    mends.add(relation.mend());
                }
            } catch (CorruptDataException damaged) {
                add("records.db, " + relation.kind(), String.valueOf(damaged.getMessage()), false);
            }
            checked.merge("relations", 1L, Long::sum);
        }

        private static String place(Relation relation, String namespace, String id) {
            return "records.db, " + relation.kind() + (namespace.isEmpty() ? "" : ", namespace " + namespace) + ", "
                    + ID.matcher(id).replaceFirst("$1-$2-$3-$4-$5");
        }

        IntegrityReport report() {
            return new IntegrityReport(checked, found, repairable, damages);
        }
    }

    @Override
    public IntegrityReport verify(Deadline deadline) {
        return new Look(deadline).all().report();
    }

    @Override
    public IntegrityReport repair(Deadline deadline) {
        Look look = new Look(deadline).all();
        if (look.indexDamaged) {
            store.index().remake(new CorruptDataException("verify found it damaged", null));
        }
        if (!look.indexes.isEmpty() || !look.mends.isEmpty()) {
            store.write(
                    (database, commit, time, touched) -> {
                        for (String index : look.indexes) {
                            database.script("REINDEX \"" + index + "\"");
                        }
                        for (String mend : look.mends) {
                            database.update(mend);
                        }
                        return commit;
                    },
                    0,
                    deadline);
        }
        return look.report();
    }
}
