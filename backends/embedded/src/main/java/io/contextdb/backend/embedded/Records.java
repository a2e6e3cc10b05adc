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

    /** The format that this version writes, which {@code schema.sql} makes; it reads and upgrades the older ones. */
    static final int FORMAT = 3;

    private static final String EXISTS = "SELECT count(*) FROM sqlite_schema WHERE name = 'store'";
    private static final String FORMAT_OF = "SELECT format FROM store";
    private static final String UPGRADED = "UPDATE store SET format = ?";
    private static final String IDENTITY = "SELECT incarnation, last_commit, last_time FROM store";
    private static final String CREATE =
            "INSERT INTO store (one, format, incarnation, last_commit, last_time, gone_before) VALUES (1, ?, ?, 0, 0, 0)";

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

    Records(Path directory, Settings settings) {
        this.file = directory.resolve(FILE);
        this.settings = settings;
    }

    Path file() {
        return file;
    }

    Database writer() throws SQLException {
        // Erased content must not linger in free pages, hence secure_delete. In WAL mode FULL is one fsync per commit;
        // NORMAL none, until a checkpoint.
        SQLiteConfig config = config(settings.cacheBytes() / 4);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return Database.open(
                file,
                config,
                List.of(
                        "PRAGMA journal_mode = WAL",
                        "PRAGMA synchronous = "
                                + switch (settings.durability()) {
                                    case FULL -> "FULL";
                                    case OS -> "NORMAL";
                                },
                        "PRAGMA secure_delete = ON",
                        "PRAGMA wal_autocheckpoint = 4000",
                        "PRAGMA journal_size_limit = 67108864"));
    }

    Database reader() throws SQLException {
        return Database.open(
                file, config(settings.cacheBytes() / 4 / settings.readers()), List.of("PRAGMA query_only = ON"));
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
            database.begin();
            database.script(script("schema.sql"));
            database.update(CREATE, FORMAT, Columns.of(UUID.randomUUID()));
            database.commit();
        }
        long format = database.number(FORMAT_OF);
        if (format >= 1 && format < FORMAT) {
            upgrade(database, (int) format);
            format = FORMAT;
        }
        if (format != FORMAT) {
            throw new CorruptDataException(
                    file + " has format " + format + ", this version of contextdb reads format " + FORMAT
                            + (format > FORMAT ? "; use the newer version that wrote it" : "; the file is damaged"),
                    null);
        }
        return database.first(IDENTITY, row -> new Identity(Columns.uuid(row, 1), row.getLong(2), row.getLong(3)))
                .orElseThrow(() -> new CorruptDataException(file + " has lost its identity", null));
    }

    private static void upgrade(Database database, int from) throws SQLException {
        database.begin();
        try {
            for (int step = from + 1; step <= FORMAT; step++) {
                database.script(script("upgrade-" + step + ".sql"));
                if (step == 3) {
                    DocumentIndex.upgrade(database);
                }
            }
            database.update(UPGRADED, FORMAT);
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
