package io.contextdb.backend.embedded;

import io.contextdb.spi.error.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks at the files of a store before SQLite opens them: whether its log belongs to its records and is whole, and whether all that was
 * acknowledged is there. SQLite would take any log that lies beside its file, and drop without a word what stands behind a damaged place.
 */
final class OpeningCheck {
    /** Most commits of one transaction, which the row of the store does not tell one by one. */
    private static final int GROUP = Writer.GROUP;

    /**
     * What to do.
     *
     * @param row what the file of records says of itself; empty if there is no store yet
     * @param wal what its log holds
     * @param described whether the checksums of pages are of this file
     * @param setWalAside whether the log must not be used: the records are whole without it
     * @param lost commits that are gone, which the caller accepts or which a restored copy never had
     * @param unchanged whether the file is as it was left when the store was closed, as far as the system tells
     */
    record Findings(
            Optional<StoreRow> row,
            WalFile.Contents wal,
            boolean described,
            boolean setWalAside,
            Optional<LostCommits.Range> lost,
            boolean unchanged) {}

    private final Records records;
    private final Settings settings;
    private final Path wal;
    private final Optional<CommitMark.Said> mark;
    private final Optional<PageSums.Head> sums;
    private final Optional<StoreRow> row;
    private final WalFile.Contents log;

    OpeningCheck(Records records, Settings settings) throws IOException {
        this.records = records;
        this.settings = settings;
        this.wal = records.wal();
        this.log = WalFile.look(wal, Records.PAGE_SIZE);
        this.row = row(records.file());
        Optional<StoreRow> known = row.filter(StoreRow::isSealed).or(log::last);
        this.mark = said().filter(said ->
                known.isEmpty() || said.incarnation().equals(known.get().incarnation()));
        this.sums = head().filter(head ->
                known.isEmpty() || head.incarnation().equals(known.get().incarnation()));
    }

    private static Optional<StoreRow> row(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (StoreFile opened = StoreFile.readable(file)) {
            ByteBuffer page = ByteBuffer.allocate(Records.PAGE_SIZE);
            opened.read(page, (long) (StoreRow.PAGE - 1) * Records.PAGE_SIZE);
            return page.hasRemaining() ? Optional.empty() : StoreRow.parse(page.array());
        }
    }

    private Optional<CommitMark.Said> said() throws IOException {
        if (!Files.exists(records.markFile())) {
            return Optional.empty();
        }
        try (CommitMark file = CommitMark.open(records.markFile())) {
            return file.read();
        }
    }

    private Optional<PageSums.Head> head() throws IOException {
        if (!Files.exists(records.sumsFile())) {
            return Optional.empty();
        }
        try (PageSums file = PageSums.open(records.sumsFile(), Records.PAGE_SIZE)) {
            return file.head();
        }
    }

    /**
     * Looks.
     *
     * @throws CorruptDataException if the records are not whole, or not of one time, and opening them would hide that
     */
    Findings look() throws IOException {
        long size = Files.exists(records.file()) ? Files.size(records.file()) : 0;
        if (size < Records.PAGE_SIZE
                && (mark.isPresent() || sums.isPresent() || !log.pages().isEmpty())) {
            throw damaged(
                    records.file() + " is " + (size == 0 ? "empty or missing" : "cut off within its first page")
                            + ", though the directory holds what belongs to it; put the file back, or remove the directory to begin anew");
        }
        Optional<StoreRow> sealed = row.filter(StoreRow::isSealed);
        if (sealed.isPresent() && sealed.get().format() > Records.FORMAT) {
            throw records.wrongFormat(sealed.get().format());
        }
        boolean described = sums.isPresent()
                && (sealed.isEmpty() || isOf(sums.get(), sealed.get().lastCommit()));
        boolean aside = belongsTogether(sealed, described);
        Optional<LostCommits.Range> lost = lost(sealed, aside);
        return new Findings(row, log, described, aside, lost, unchanged());
    }

    private static boolean isOf(PageSums.Head head, long commit) {
        return head.from() <= commit && commit <= head.to();
    }

    /** Refuses a log of another time or store; returns whether it is to be set aside, since the records are whole without it. */
    private boolean belongsTogether(Optional<StoreRow> sealed, boolean described) {
        if (sealed.isEmpty() || log.last().isEmpty()) {
            return false;
        }
        StoreRow file = sealed.get();
        StoreRow first = log.first().orElseThrow();
        StoreRow last = log.last().orElseThrow();
        if (!last.incarnation().equals(file.incarnation())) {
            throw damaged(
                    wal + " is of another store than " + records.file() + "; remove it, or put the right file back");
        }
        if (last.lastCommit() < file.lastCommit()) {
            boolean complete = described && sums.get().from() == file.lastCommit();
            if (complete || accepts()) {
                return true;
            }
            throw damaged(wal + " ends at commit " + last.lastCommit() + brokenAt() + ", " + records.file()
                    + " holds commit " + file.lastCommit()
                    + " already: they are of different times, or the log is damaged;"
                    + accept());
        }
        boolean older = sums.isPresent()
                && file.lastCommit() < sums.get().from()
                && sums.get().from() <= last.lastCommit();
        boolean apart = sums.isEmpty() && file.lastCommit() < first.lastCommit() - GROUP;
        if (older || apart) {
            if (accepts()) {
                return true;
            }
            throw damaged(records.file() + " is at commit " + file.lastCommit() + ", " + wal
                    + " goes on from a later one: the file is older than its log, and pages of two times would be mixed;"
                    + " put back the file that the log is of, or remove the log to open the older state," + accept());
        }
        return false;
    }

    /** Returns what is gone of what was acknowledged; refuses if the log should have held it. */
    private Optional<LostCommits.Range> lost(Optional<StoreRow> sealed, boolean aside) {
        long file = sealed.map(StoreRow::lastCommit).orElse(0L);
        long reached = aside
                ? file
                : Math.max(file, log.last().map(StoreRow::lastCommit).orElse(0L));
        long acknowledged = mark.map(CommitMark.Said::commit).orElse(0L);
        boolean behind = !aside && log.commitsBehind() > 1;
        boolean unknown = sealed.isEmpty() && log.last().isEmpty();
        if (unknown || (reached >= acknowledged && !behind)) {
            return Optional.empty();
        }
        boolean restored = mark.isPresent() && mark.get().closed() && log.size() == 0;
        boolean byLossOfPower = settings.durability() == Settings.Durability.OS && log.commitsBehind() == 0;
        long to = Math.max(acknowledged, reached + (behind ? (long) log.commitsBehind() * GROUP : 0));
        if (restored || byLossOfPower || accepts()) {
            return Optional.of(new LostCommits.Range(reached, to));
        }
        throw damaged("commits after " + reached + (acknowledged > reached ? " up to " + acknowledged : "")
                + " were acknowledged and are gone: " + wal
                + (log.size() == 0
                        ? " is empty or missing"
                        : log.headed() ? " ends before them" + brokenAt() : " has a damaged header")
                + "; put the file back," + accept());
    }

    private String brokenAt() {
        return log.broken() == 0
                ? ""
                : ", its frame " + log.broken() + " is damaged"
                        + (log.commitsBehind() == 0 ? "" : " and " + log.commitsBehind() + " commits stand behind it");
    }

    private boolean accepts() {
        return settings.lostCommits() == Settings.LostCommits.ACCEPT;
    }

    private static String accept() {
        return " or open with ?lostCommits=accept what is whole, without them";
    }

    private boolean unchanged() throws IOException {
        Path file = records.file();
        return mark.isPresent()
                && mark.get().closed()
                && log.size() == 0
                && Files.size(file) == mark.get().size()
                && Files.getLastModifiedTime(file).toMillis() == mark.get().modified();
    }

    private static CorruptDataException damaged(String problem) {
        return new CorruptDataException(problem, null);
    }
}
