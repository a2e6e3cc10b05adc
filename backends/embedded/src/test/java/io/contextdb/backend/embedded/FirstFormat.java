package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Makes of a closed store what the first version would have written: the tables of format 1, and no files beside. */
final class FirstFormat {
    private static final List<String> BACK = List.of(
            "DROP TABLE lost",
            "ALTER TABLE store DROP COLUMN seal",
            "DROP TABLE life",
            "DROP TABLE document_value",
            "CREATE TABLE document_path_1 (ns INTEGER NOT NULL, collection TEXT NOT NULL, path TEXT NOT NULL,"
                    + " PRIMARY KEY (ns, collection, path)) WITHOUT ROWID",
            "INSERT INTO document_path_1 SELECT ns, collection, path FROM document_path",
            "DROP TABLE document_path",
            "ALTER TABLE document_path_1 RENAME TO document_path",
            "DROP INDEX erased_kept",
            "ALTER TABLE erased DROP COLUMN kept_until",
            "UPDATE store SET format = 1");

    private FirstFormat() {}

    /** Goes back to format 1, and runs some statements there. */
    static void of(Path directory, String... more) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                Statement statement = connection.createStatement()) {
            for (String back : BACK) {
                statement.executeUpdate(back);
            }
            for (String next : more) {
                statement.executeUpdate(next);
            }
        }
        Files.delete(directory.resolve("records.db-sums"));
        Files.delete(directory.resolve("records.db-mark"));
    }
}
