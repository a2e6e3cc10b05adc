package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * The checksums (CRC-32C) of all pages of the file of records, in a file beside it. SQLite has none. A page has two: what a checkpoint
 * that may be under way writes, and what was there before; it is whole if it has either. Thread-safe.
 */
final class PageSums implements AutoCloseable {
    /** SQLite locks bytes of this page, and never uses it. */
    private static final long LOCKED_BYTES = 1L << 30;

    private static final int MAGIC = 0x6378_7331;
    private static final int HEADER = 64;
    private static final int BLOCK = 4096;
    private static final int PER_BLOCK = BLOCK / 8 - 1;
    /** About 100 kB: more is memory that the system hands out and takes back at each read. */
    private static final int AT_ONCE = 24;

    /**
     * Which file of records the checksums are of.
     *
     * @param incarnation of the store
     * @param from the commit that the file has at least
     * @param to the commit that it has at most: later than {@code from} while a checkpoint is under way, or was cut short
     * @param pages how many there are
     */
    record Head(UUID incarnation, long from, long to, int pages) {}

    /**
     * What a look at the pages found.
     *
     * @param pages how many were looked at
     * @param damaged those that are not as they were written
     * @param unknown those whose checksums are damaged themselves
     */
    record Found(long pages, SortedSet<Integer> damaged, long unknown) {}

    private final StoreFile file;
    private final SlotFile slots;
    private final int pageSize;
    /** Between a look at pages and a checkpoint, which replaces them. */
    private final ReentrantLock lock = new ReentrantLock();

    private Optional<Head> head;

    private PageSums(StoreFile file, int pageSize) throws IOException {
        this.file = file;
        this.pageSize = pageSize;
        this.slots = new SlotFile(file, HEADER);
        this.head = slots.read()
                .filter(bytes -> bytes.getInt(0) == MAGIC && bytes.getInt(4) == pageSize)
                .map(bytes -> new Head(
                        new UUID(bytes.getLong(8), bytes.getLong(16)),
                        bytes.getLong(24),
                        bytes.getLong(32),
                        bytes.getInt(40)));
    }

    static PageSums open(Path file, int pageSize) throws IOException {
        StoreFile opened = StoreFile.writable(file);
        try {
            return new PageSums(opened, pageSize);
        } catch (IOException | RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    /** Returns which file the checksums are of; empty if there are none, or they are damaged. */
    Optional<Head> head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Makes the checksums of a file of records as it is now; nothing may write it meanwhile. */
    void make(StoreFile records, UUID incarnation, long commit) throws IOException {
        lock.lock();
        try {
            int pages = (int) (records.size() / pageSize);
            file.truncate();
            head = Optional.empty();
            SortedMap<Integer, Integer> sums = new TreeMap<>();
            ByteBuffer buffer = ByteBuffer.allocate(pageSize * AT_ONCE);
            for (int first = 1; first <= pages; first += AT_ONCE) {
                read(records, buffer, first);
                for (int i = 0; i < AT_ONCE && first + i <= pages; i++) {
                    sums.put(first + i, sum(buffer, i));
                }
                if (sums.size() >= PER_BLOCK * 256) {
                    put(sums, true);
                    sums.clear();
                }
            }
            put(sums, true);
            write(new Head(incarnation, commit, commit, pages));
            file.force();
        } finally {
            lock.unlock();
        }
    }

    /** Notes what a checkpoint is about to write; called before it begins, with the lock held. */
    void expect(Map<Integer, Integer> changed, long commit, boolean force) throws IOException {
        Head known = head.orElseThrow(() -> new IOException("the checksums of the records are damaged"));
        SortedMap<Integer, Integer> sums = new TreeMap<>(changed);
        put(sums, false);
        int pages = sums.isEmpty() ? known.pages() : Math.max(known.pages(), sums.lastKey());
        write(new Head(known.incarnation(), known.from(), commit, pages));
        if (force) {
            file.force();
        }
    }

    /** Notes that the file holds all up to a commit; called with the lock held, once it is on the disk. */
    void reached(long commit) throws IOException {
        Head known = head.orElseThrow(() -> new IOException("the checksums of the records are damaged"));
        write(new Head(known.incarnation(), commit, commit, known.pages()));
    }

    /** Notes pages that were replaced by hand: their old contents are not whole any more. */
    void replaced(Map<Integer, Integer> pages) throws IOException {
        lock.lock();
        try {
            put(new TreeMap<>(pages), true);
            file.force();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets which file the checksums are of, since they are damaged themselves. */
    void forget() {
        lock.lock();
        try {
            head = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void write(Head next) throws IOException {
        slots.write(ByteBuffer.allocate(HEADER)
                .putInt(MAGIC)
                .putInt(pageSize)
                .putLong(next.incarnation().getMostSignificantBits())
                .putLong(next.incarnation().getLeastSignificantBits())
                .putLong(next.from())
                .putLong(next.to())
                .putInt(next.pages()));
        head = Optional.of(next);
    }

    /** Puts checksums into their blocks; {@code only}: what was there before is forgotten. */
    private void put(SortedMap<Integer, Integer> sums, boolean only) throws IOException {
        Block block = null;
        for (Map.Entry<Integer, Integer> each : sums.entrySet()) {
            int number = (each.getKey() - 1) / PER_BLOCK;
            if (block == null || block.number != number) {
                if (block != null) {
                    block.write();
                }
                block = new Block(number);
                block.read();
            }
            block.put((each.getKey() - 1) % PER_BLOCK, each.getValue(), only);
        }
        if (block != null) {
            block.write();
        }
    }

    /**
     * Looks at all pages of the file.
     *
     * @param apart pages that stand in the log, and are not read from the file
     * @param between run now and then; what it throws ends the look
     */
    Found look(StoreFile records, Collection<Integer> apart, Runnable between) throws IOException {
        Found found = new Found(0, new TreeSet<>(), 0);
        int pages = head().map(Head::pages).orElse(0);
        ByteBuffer buffer = ByteBuffer.allocate(pageSize * AT_ONCE);
        for (int first = 1; first <= pages; first += AT_ONCE) {
            between.run();
            lock.lock();
            try {
                found = look(records, buffer, first, Math.min(pages, first + AT_ONCE - 1), apart, found);
            } finally {
                lock.unlock();
            }
        }
        return found;
    }

    private Found look(StoreFile records, ByteBuffer buffer, int first, int last, Collection<Integer> apart, Found so)
            throws IOException {
        read(records, buffer, first);
        long unknown = so.unknown();
        Block block = null;
        for (int page = first; page <= last; page++) {
            int number = (page - 1) / PER_BLOCK;
            if (block == null || block.number != number) {
                block = new Block(number);
                block.read();
            }
            boolean there = (long) (page - first + 1) * pageSize <= buffer.limit();
            if (apart.contains(page) || page == LOCKED_BYTES / pageSize + 1) {
                continue;
            }
            if (!block.whole) {
                unknown++;
            } else if (!there || !block.has((page - 1) % PER_BLOCK, sum(buffer, page - first))) {
                so.damaged().add(page);
            }
        }
        return new Found(so.pages() + last - first + 1, so.damaged(), unknown);
    }

    private void read(StoreFile records, ByteBuffer buffer, int first) throws IOException {
        buffer.clear();
        records.read(buffer, (long) (first - 1) * pageSize);
        buffer.flip();
    }

    private int sum(ByteBuffer pages, int number) {
        return sum(pages.array(), pages.arrayOffset() + number * pageSize, pageSize);
    }

    static int sum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The checksums of some hundred pages, with one of their own. */
    private final class Block {
        final int number;
        boolean whole;
        private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK);

        Block(int number) {
            this.number = number;
        }

        void read() throws IOException {
            file.read(bytes, position());
            boolean fresh = bytes.position() == 0;
            bytes.clear();
            // Beyond the known pages a block begins; within, it was cut off.
            whole = fresh
                    ? (long) number * PER_BLOCK >= head.map(Head::pages).orElse(0)
                    : (bytes.getInt(BLOCK - 8) == number && bytes.getInt(BLOCK - 4) == own());
        }

        boolean has(int entry, int sum) {
            return bytes.getInt(entry * 8) == sum || bytes.getInt(entry * 8 + 4) == sum;
        }

        void put(int entry, int sum, boolean only) {
            int before = bytes.getInt(entry * 8 + 4);
            if (only || before != sum) {
                bytes.putInt(entry * 8, only ? sum : before);
                bytes.putInt(entry * 8 + 4, sum);
            }
        }

        /** A block that was damaged stays so: the checksums that it lost are not known. */
        void write() throws IOException {
            bytes.putInt(BLOCK - 8, number);
            bytes.putInt(BLOCK - 4, whole ? own() : ~own());
            file.write(bytes.duplicate().clear(), position());
        }

        private int own() {
            return sum(bytes.array(), 0, BLOCK - 4);
        }

        private long position() {
            return SlotFile.SIZE + (long) number * BLOCK;
        }
    }
}
