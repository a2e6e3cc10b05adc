package io.contextdb.backend.embedded;

import io.contextdb.spi.error.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Pages of the file of records that are not as they were written. Their bytes are kept in a directory beside the file, one file a page,
 * and in the file itself each is made one that SQLite refuses to read: what it held is an error from then on, and all else stays
 * readable. Indexes of tables are made anew from their rows; free pages hold nothing.
 */
final class DamagedPages {
    private static final int SIZE = Records.PAGE_SIZE;
    private static final byte INDEX_LEAF = 0x0a;
    private static final byte TABLE_LEAF = 0x0d;
    private static final String FILE = "page-";
    /** Tables that a store does without: which commits were lost is known to who was told, and an index of no known life is made anew. */
    private static final Set<String> UNNEEDED = Set.of(LostCommits.TABLE, "life");

    private static final String WHERE = """
            SELECT d.pageno, d.name, d.path, d.pagetype = 'overflow', coalesce(s.type = 'index', 0)
              FROM dbstat d LEFT JOIN sqlite_schema s ON s.name = d.name ORDER BY d.pageno
            """;
    private static final String ROOT = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
    private static final String OWNER = "SELECT pageno FROM dbstat WHERE name = ? AND path = ?";

    /** Whose page is damaged. */
    private record Place(int page, String name, String path, boolean overflow, boolean index) {}

    private final Records records;
    private final PageSums sums;
    private final Path directory;

    DamagedPages(Records records, PageSums sums) {
        this.records = records;
        this.sums = sums;
        this.directory = records.damagedDirectory();
    }

    /** Returns what was set aside and is not mended: {@code page 17 of records.db (table node)}. */
    static List<String> places(Records records) throws IOException {
        List<String> places = new ArrayList<>();
        for (String name : names(records.damagedDirectory())) {
            String[] parts = name.substring(FILE.length()).split("\\.", 2);
            places.add("page " + parts[0] + " of " + records.file().getFileName()
                    + (parts.length > 1 ? " (table " + parts[1] + ")" : ""));
        }
        return places;
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith(FILE))
                    .sorted()
                    .toList();
        }
    }

    /** Returns whether a set-aside was begun and not ended. */
    boolean isUnfinished() throws IOException {
        return names(directory).stream().anyMatch(name -> !name.contains("."));
    }

    /** Takes the bytes of damaged pages out of the file. */
    void take(SortedSet<Integer> pages) throws IOException {
        if (pages.isEmpty()) {
            return;
        }
        if (pages.first() <= StoreRow.PAGE) {
            throw new CorruptDataException(
                    records.file() + " is damaged in page " + pages.first()
                            + ", without which nothing in it can be found; put back a copy of the directory. Was the file changed by "
                            + "another program, remove " + records.sumsFile().getFileName()
                            + " to have it checked anew",
                    null);
        }
        FileRights.createDirectory(directory);
        Map<Integer, Integer> empty = new java.util.HashMap<>();
        try (StoreFile file = writable()) {
            for (int page : pages) {
                ByteBuffer bytes = ByteBuffer.allocate(SIZE);
                file.read(bytes, position(page));
                try (StoreFile kept = StoreFile.writable(directory.resolve(FILE + page))) {
                    kept.write(bytes.flip(), 0);
                    kept.force();
                }
                empty.put(page, PageSums.sum(new byte[SIZE], 0, SIZE));
            }
            for (int page : pages) {
                file.write(ByteBuffer.allocate(SIZE), position(page));
            }
            file.force();
        }
        sums.replaced(empty);
    }

    private StoreFile writable() throws IOException {
        return StoreFile.writable(records.file());
    }

    private static long position(int page) {
        return (long) (page - 1) * SIZE;
    }

    /**
     * Finds out whose the taken pages were, and makes each what SQLite refuses, or an index without entries. The log must be empty.
     *
     * @return the indexes that must be made anew, before anything is read, with the pages that each has lost
     */
    Map<String, List<Integer>> settle(Database database) throws SQLException, IOException {
        TreeSet<Integer> taken = new TreeSet<>();
        names(directory).stream()
                .filter(name -> !name.contains("."))
                .forEach(name -> taken.add(Integer.parseInt(name.substring(FILE.length()))));
        List<Place> places = new ArrayList<>();
        for (Place place : database.list(
                WHERE,
                row -> new Place(
                        row.getInt(1), row.getString(2), row.getString(3), row.getInt(4) == 1, row.getInt(5) == 1))) {
            if (taken.contains(place.page())) {
                places.add(place);
            }
        }
        Map<String, List<Integer>> indexes = new TreeMap<>();
        for (Place place : places) {
            if (place.index()) {
                indexes.computeIfAbsent(place.name(), name -> new ArrayList<>()).add(place.page());
                if (!place.overflow()) {
                    replace(place.page(), emptyLeaf(INDEX_LEAF));
                }
            } else if (place.overflow()) {
                cutOff(database, place);
            }
            if (UNNEEDED.contains(place.name())) {
                replace(place.page(), emptyLeaf(TABLE_LEAF));
            } else if (!place.index()) {
                rename(place.page(), place.name());
            }
            taken.remove(place.page());
        }
        forgetFree(taken);
        return indexes;
    }

    /** Returns where an index begins. */
    static int root(Database database, String index) throws SQLException {
        return (int) database.number(ROOT, index);
    }

    /** Makes reading an index an error, which cannot be made anew since its table is damaged too; the log must be empty. */
    void refuse(String index, int root, List<Integer> pages) throws IOException {
        replace(root, new byte[SIZE]);
        for (int page : pages) {
            rename(page, index);
        }
    }

    /** Forgets the pages of indexes, once these are made anew. */
    void mended() throws IOException {
        for (String name : names(directory)) {
            if (!name.contains(".")) {
                Files.delete(directory.resolve(name));
            }
        }
        if (names(directory).isEmpty()) {
            Files.deleteIfExists(directory);
        }
    }

    private void rename(int page, String table) throws IOException {
        Files.move(directory.resolve(FILE + page), directory.resolve(FILE + page + "." + table));
    }

    /** Makes the row whose value goes on in a damaged page point behind the end of the file, where SQLite refuses to follow. */
    private void cutOff(Database database, Place place) throws SQLException, IOException {
        int slash = place.path().lastIndexOf('/');
        int plus = place.path().lastIndexOf('+');
        int cell = Integer.parseInt(place.path().substring(slash + 1, plus), 16);
        Optional<Integer> owner = database.first(
                OWNER, row -> row.getInt(1), place.name(), place.path().substring(0, slash + 1));
        if (owner.isEmpty()) {
            throw new IOException("the row that goes on in page " + place.page() + " cannot be found");
        }
        byte[] page = read(owner.get());
        BtreeCell.cutOff(page, cell);
        replace(owner.get(), page);
    }

    private byte[] read(int page) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        try (StoreFile file = writable()) {
            file.read(bytes, position(page));
        }
        return bytes.array();
    }

    private void replace(int page, byte[] bytes) throws IOException {
        try (StoreFile file = writable()) {
            file.write(ByteBuffer.wrap(bytes), position(page));
            file.force();
        }
        sums.replaced(Map.of(page, PageSums.sum(bytes, 0, SIZE)));
    }

    private static byte[] emptyLeaf(byte type) {
        return ByteBuffer.allocate(SIZE)
                .put(type)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) SIZE)
                .array();
    }

    /** Pages that belong to nothing were free: if one of them listed others, the list is dropped, which costs their room. */
    private void forgetFree(Collection<Integer> free) throws IOException {
        if (free.isEmpty()) {
            return;
        }
        byte[] first = read(1);
        ByteBuffer header = ByteBuffer.wrap(first);
        int trunk = header.getInt(32);
        for (int steps = 0; trunk != 0 && steps < 1 << 20; steps++) {
            if (free.contains(trunk)) {
                header.putInt(32, 0).putInt(36, 0);
                replace(1, first);
                return;
            }
            trunk = ByteBuffer.wrap(read(trunk)).getInt(0);
        }
    }
}
