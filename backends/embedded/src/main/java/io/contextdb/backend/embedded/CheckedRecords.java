package io.contextdb.backend.embedded;

import io.contextdb.spi.error.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file of records and what belongs to it, opened after all of it was looked at: the log, the checksums of pages, and the mark of
 * the last commit. Holds the connection that writes.
 */
final class CheckedRecords implements AutoCloseable {
    /** A larger file that is as it was left is looked at while it is in use: a GB takes about half a second. */
    private static final long LOOKED_AT_FIRST = 512L << 20;

    private static final String WHOLE = "PRAGMA integrity_check(20)";
    private static final String LAST_COMMIT = "SELECT last_commit FROM store";
    private static final String GO_ON = "UPDATE store SET last_commit = ?, seal = ?";
    private static final System.Logger LOG = System.getLogger(CheckedRecords.class.getName());

    private final Records records;
    private final Database connection;
    private final CommitMark mark;
    private final PageSums sums;
    private final Checkpoints checkpoints;
    private final LostCommits lost;
    private final Records.Identity identity;
    private final List<String> told;
    private final @Nullable PageWatch watch;

    private CheckedRecords(Opening opening) throws SQLException, IOException {
        this.records = opening.records;
        this.connection = opening.connection();
        this.mark = opening.mark();
        this.sums = opening.sums();
        this.checkpoints = opening.checkpoints();
        this.identity = records.identity(connection);
        this.lost = LostCommits.of(connection);
        this.told = List.copyOf(opening.told);
        this.watch = opening.lookLater ? new PageWatch(records, sums) : null;
        committed(identity.lastCommit());
    }

    /**
     * Opens a store's records, or makes them.
     *
     * @throws CorruptDataException if they are damaged so that nothing can be read, or what was acknowledged is gone
     */
    static CheckedRecords open(Records records, Settings settings) throws SQLException, IOException {
        try (Opening opening = new Opening(records, settings)) {
            opening.look();
            opening.connect();
            CheckedRecords opened = new CheckedRecords(opening);
            opening.keep();
            if (opened.watch != null) {
                opened.watch.start();
            }
            return opened;
        }
    }

    Records records() {
        return records;
    }

    Database connection() {
        return connection;
    }

    Records.Identity identity() {
        return identity;
    }

    Checkpoints checkpoints() {
        return checkpoints;
    }

    PageSums sums() {
        return sums;
    }

    LostCommits lost() {
        return lost;
    }

    /** Returns what an operator should know of the files; empty if they are sound. */
    List<String> told() {
        if (watch == null || watch.damage().isEmpty()) {
            return told;
        }
        List<String> all = new ArrayList<>(told);
        all.add(watch.damage());
        return all;
    }

    /** Refuses to go on with a file that was found to be damaged while it is in use. */
    void check() {
        if (watch != null && !watch.damage().isEmpty()) {
            throw new CorruptDataException(watch.damage(), null);
        }
    }

    /** Notes that a commit is on the disk, before its callers hear of it. */
    void committed(long commit) {
        mark.write(new CommitMark.Said(identity.incarnation(), commit, false, 0, 0));
    }

    /** Closes all as it is: the files are not there any more. */
    void abandon() throws SQLException, IOException {
        try (mark;
                sums;
                connection) {
            if (watch != null) {
                watch.close();
            }
        }
    }

    /** Brings the log in and closes all; nobody may use the records any more. */
    @Override
    public void close() throws SQLException, IOException {
        if (connection.isClosed()) {
            // By an error that nobody survives; the checksums are made anew when the store is opened.
            abandon();
            return;
        }
        try (mark;
                sums;
                connection) {
            if (watch != null) {
                watch.close();
            }
            // Where the writer was ended by an error, a transaction is open, or was committed without anybody having
            // heard of it.
            connection.rollback();
            long last = connection.number(LAST_COMMIT);
            checkpoints.finish(last);
            connection.close();
            Path file = records.file();
            mark.write(new CommitMark.Said(
                    identity.incarnation(),
                    last,
                    true,
                    Files.size(file),
                    Files.getLastModifiedTime(file).toMillis()));
        }
    }

    /** The steps of opening, with what they have opened so far. */
    private static final class Opening implements AutoCloseable {
        final Records records;
        final Settings settings;
        final List<String> told = new ArrayList<>();
        boolean lookLater;
        private final OpeningCheck.Findings found;
        private @Nullable Database connection;
        private @Nullable CommitMark mark;
        private @Nullable PageSums sums;
        private boolean kept;

        Opening(Records records, Settings settings) throws IOException {
            this.records = records;
            this.settings = settings;
            this.found = new OpeningCheck(records, settings).look();
        }

        Database connection() {
            return java.util.Objects.requireNonNull(connection);
        }

        CommitMark mark() {
            return java.util.Objects.requireNonNull(mark);
        }

        PageSums sums() {
            return java.util.Objects.requireNonNull(sums);
        }

        Checkpoints checkpoints() {
            return new Checkpoints(
                    connection(), records.wal(), sums(), settings.durability() == Settings.Durability.FULL);
        }

        void keep() {
            kept = true;
        }

        /** Looks at the pages, and takes those that are damaged out of the file. */
        void look() throws IOException, SQLException {
            setLogAside();
            if (!found.described()) {
                return;
            }
            sums = PageSums.open(records.sumsFile(), Records.PAGE_SIZE);
            DamagedPages damaged = new DamagedPages(records, sums());
            if (found.unchanged() && Files.size(records.file()) > LOOKED_AT_FIRST && !damaged.isUnfinished()) {
                lookLater = true;
                return;
            }
            SortedSet<Integer> pages = damagedPages(
                    found.setWalAside() ? Set.of() : found.wal().pages().keySet());
            if (!pages.isEmpty() || damaged.isUnfinished()) {
                damaged.take(pages);
                mend(damaged);
            }
        }

        private SortedSet<Integer> damagedPages(Collection<Integer> apart) throws IOException {
            try (StoreFile file = StoreFile.readable(records.file())) {
                PageSums.Found pages = sums().look(file, apart, () -> {});
                if (pages.unknown() > 0) {
                    log("the checksums of " + pages.unknown()
                            + " pages were damaged; SQLite's own check was run instead");
                    sums().forget();
                }
                return pages.damaged();
            }
        }

        private void setLogAside() throws IOException {
            boolean cut = found.lost().isPresent() && found.wal().size() > 0;
            if (found.setWalAside() || cut) {
                Path aside = records.beside("-wal.aside-" + System.currentTimeMillis());
                if (found.setWalAside()) {
                    Files.move(records.wal(), aside, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.copy(records.wal(), aside, StandardCopyOption.REPLACE_EXISTING);
                }
                log(records.wal()
                        + (found.setWalAside()
                                ? " is older than the records, which are whole without it"
                                : " is damaged")
                        + "; it was kept as " + aside.getFileName());
            }
        }

        private Database withoutDamaged() throws IOException, SQLException {
            try {
                return records.writer();
            } catch (SQLException failed) {
                if (StoreErrors.isDamage(failed)) {
                    throw new CorruptDataException(
                            records.file() + " is damaged: " + String.join(", ", DamagedPages.places(records))
                                    + "; its list of tables cannot be read without that; put back a copy of the directory",
                            failed);
                }
                throw failed;
            }
        }

        private void mend(DamagedPages damaged) throws IOException, SQLException {
            connection = withoutDamaged();
            checkpoints().finish(reached());
            Map<String, List<Integer>> indexes;
            try {
                indexes = damaged.settle(connection());
            } catch (SQLException | RuntimeException unclear) {
                throw new CorruptDataException(
                        records.file() + " is damaged: " + String.join(", ", DamagedPages.places(records))
                                + "; what they belong to cannot be told (" + unclear.getMessage() + ")",
                        unclear);
            }
            connection().close();
            connection = records.writer();
            Map<String, Integer> refused = new TreeMap<>();
            for (String index : indexes.keySet()) {
                int root = DamagedPages.root(connection(), index);
                if (madeAnew(index)) {
                    log("the index " + index + " of the records was damaged, and was made anew");
                } else {
                    refused.put(index, root);
                }
            }
            checkpoints().finish(reached());
            for (Map.Entry<String, Integer> index : refused.entrySet()) {
                damaged.refuse(index.getKey(), index.getValue(), indexes.getOrDefault(index.getKey(), List.of()));
            }
            damaged.mended();
            connection().close();
            connection = null;
        }

        /** Makes an index anew; returns whether its table was whole enough for that. */
        private boolean madeAnew(String index) throws SQLException {
            try {
                connection().script("REINDEX \"" + index + "\"");
                return true;
            } catch (SQLException failed) {
                if (StoreErrors.isDamage(failed)) {
                    return false;
                }
                throw failed;
            }
        }

        private long reached() throws SQLException {
            return connection().number(LAST_COMMIT);
        }

        void connect() throws SQLException, IOException {
            FileRights.createFile(records.file());
            boolean fresh = Files.size(records.file()) == 0;
            connection = records.writer();
            boolean described = found.described() && sums().head().isPresent();
            if (!described && !fresh) {
                checkBySqlite();
            }
            Records.Identity identity = records.prepare(connection());
            if (sums == null) {
                FileRights.createFile(records.sumsFile());
                sums = PageSums.open(records.sumsFile(), Records.PAGE_SIZE);
            }
            if (!described) {
                connection().script("PRAGMA wal_checkpoint(TRUNCATE)");
                try (StoreFile file = StoreFile.readable(records.file())) {
                    sums().make(file, identity.incarnation(), identity.lastCommit());
                }
            }
            goOn(identity);
            checkpoints().finish(reached());
            FileRights.createFile(records.markFile());
            mark = CommitMark.open(records.markFile());
            mark().read();
            List<String> places = DamagedPages.places(records);
            if (!places.isEmpty()) {
                records.damaged(places);
                tell("records were lost with " + String.join(", ", places)
                        + "; reading them is an error, all else is whole");
            }
        }

        private void checkBySqlite() throws SQLException {
            List<String> wrong = connection().list(WHOLE, row -> row.getString(1));
            if (!wrong.equals(List.of("ok"))) {
                throw new CorruptDataException(
                        records.file() + " is damaged, and there are no checksums that tell where: "
                                + String.join("; ", wrong),
                        null);
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    records.file() + " had no checksums of its own; SQLite found it sound, and it has them now");
        }

        /** Goes on behind the numbers of commits that are gone. */
        private void goOn(Records.Identity identity) throws SQLException, IOException {
            if (found.lost().isEmpty()) {
                return;
            }
            LostCommits.Range range = new LostCommits.Range(
                    identity.lastCommit(), found.lost().get().last());
            if (range.last() <= range.after()) {
                return;
            }
            discardIndex();
            connection().begin();
            LostCommits.add(connection(), range);
            connection()
                    .update(
                            GO_ON,
                            range.last(),
                            StoreRow.seal(identity.incarnation(), range.last(), identity.lastTime()));
            connection().commit();
            tell("the store went back to commit " + range.after() + "; commits up to " + range.last() + " are gone");
        }

        /** The index may hold what is gone, under commits whose numbers are passed over. */
        private void discardIndex() throws IOException {
            Path index = records.file().resolveSibling(StoreDirectory.INDEX);
            if (Files.isDirectory(index)) {
                try (Stream<Path> files = Files.list(index)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
        }

        /** Says what an operator must know as long as the store is open: something is gone. */
        private void tell(String what) {
            told.add(what);
            log(what);
        }

        private void log(String what) {
            LOG.log(System.Logger.Level.WARNING, "{0}", what);
        }

        @Override
        public void close() throws SQLException, IOException {
            if (kept) {
                return;
            }
            try (Database open = connection;
                    CommitMark said = mark;
                    PageSums known = sums) {
                // Closed in the reverse order, those that are open.
            }
        }
    }
}
