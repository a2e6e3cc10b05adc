package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.sqlite.SQLiteConfig;

/** The file of records: how connections to it are opened, and which format it has. */
final class Records {
    static final String FILE = "records.db";

    /** Bytes of a page of the file. */
    static final int PAGE_SIZE = 4096;

    /** The format that this version writes, which {@code schema.sql} makes; it reads and upgrades the older ones. */
    static final int FORMAT = 4;

    /** The first format whose row of the store has a checksum. */
    static final int SEALED = 4;

    private static final String EXISTS = "SELECT count(*) FROM sqlite_schema WHERE name = 'store'";
    private static final String FORMAT_OF = "SELECT format FROM store";
    private static final String UPGRADED = "UPDATE store SET format = ?, seal = ?";
    private static final String IDENTITY = "SELECT incarnation, last_commit, last_time FROM store";
    private static final String CREATE =
            "INSERT INTO store (one, format, incarnation, last_commit, last_time, gone_before, seal) VALUES (1, ?, ?, 0, 0, 0, ?)";

    /**
     * What the store remembers of itself.
     *
     * @param incarnation made with the store
     * @param lastCommit number of the last commit
     * @param lastTime its transaction time
     */
    record Identity(UUID incarnation, long lastCommit, long lastTime) {}

    private final Path file;
    private final Settings settings;
    private volatile List<String> damaged = List.of();

    Records(Path directory, Settings settings) {
        this.file = directory.resolve(FILE);
        this.settings = settings;
    }

    Path file() {
        return file;
    }

    /** Returns SQLite's write-ahead log. */
    Path wal() {
        return beside("-wal");
    }

    Path markFile() {
        return beside("-mark");
    }

    Path sumsFile() {
        return beside("-sums");
    }

    Path damagedDirectory() {
        return beside("-damaged");
    }

    Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Makes errors of damaged pages name what is known to be damaged. */
    void damaged(List<String> places) {
        damaged = places;
    }

    Database writer() throws SQLException {
        // Erased content must not linger in free pages, hence secure_delete. In WAL mode FULL is one fsync per commit;
        // NORMAL none, until a checkpoint.
        SQLiteConfig config = config(settings.cacheBytes() / 4);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return Database.open(
                this,
                config,
                List.of(
                        "PRAGMA journal_mode = WAL",
                        "PRAGMA synchronous = "
                                + switch (settings.durability()) {
                                    case FULL -> "FULL";
                                    case OS -> "NORMAL";
                                },
                        "PRAGMA secure_delete = ON",
                        "PRAGMA wal_autocheckpoint = 0",
                        "PRAGMA journal_size_limit = 67108864"));
    }

    Database reader() throws SQLException {
        return Database.open(
                this, config(settings.cacheBytes() / 4 / settings.readers()), List.of("PRAGMA query_only = ON"));
    }

    private static SQLiteConfig config(long cacheBytes) {
        SQLiteConfig config = new SQLiteConfig();
        // Only this process has the file open; a wait can only be for a checkpoint.
        config.setBusyTimeout(10_000);
        config.setCacheSize((int) Math.max(-1 << 20, -cacheBytes / 1024));
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return config;
    }

    /**
     * Creates the tables of a new store, upgrades those of an older format, refuses one of a newer format, and returns what the store
     * knows of itself.
     */
    Identity prepare(Database database) throws SQLException {
        if (database.number(EXISTS) == 0) {
            UUID incarnation = UUID.randomUUID();
            database.begin();
            database.script(script("schema.sql"));
            database.update(CREATE, FORMAT, Columns.of(incarnation), StoreRow.seal(incarnation, 0, 0));
            database.commit();
        }
        long format = database.number(FORMAT_OF);
        if (format >= 1 && format < FORMAT) {
            upgrade(database, (int) format);
            format = FORMAT;
        }
        if (format != FORMAT) {
            throw wrongFormat(format);
        }
        return identity(database);
    }

    CorruptDataException wrongFormat(long format) {
        return new CorruptDataException(
                file + " has format " + format + ", this version of contextdb reads formats up to " + FORMAT
                        + (format > FORMAT ? "; use the newer version that wrote it" : "; the file is damaged"),
                null);
    }

    Identity identity(Database database) throws SQLException {
        return database.first(IDENTITY, row -> new Identity(Columns.uuid(row, 1), row.getLong(2), row.getLong(3)))
                .orElseThrow(() -> new CorruptDataException(file + " has lost its identity", null));
    }

    /** Returns what an error of damage says besides: the places that are known. */
    String damagedPlaces() {
        return damaged.isEmpty() ? "" : ": " + String.join(", ", damaged);
    }

    private void upgrade(Database database, int from) throws SQLException {
        database.begin();
        try {
            for (int step = from + 1; step <= FORMAT; step++) {
                database.script(script("upgrade-" + step + ".sql"));
                if (step == 3) {
                    DocumentIndex.upgrade(database);
                }
            }
            Identity known = identity(database);
            database.update(UPGRADED, FORMAT, StoreRow.seal(known.incarnation(), known.lastCommit(), known.lastTime()));
            database.commit();
        } catch (SQLException | RuntimeException failed) {
            database.rollback();
            throw failed;
        }
    }

    private static String script(String name) {
        try (InputStream in = Records.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new ContextUnavailableException(name + " cannot be read", Outcome.NOT_APPLIED, unreadable);
        }
    }
}
