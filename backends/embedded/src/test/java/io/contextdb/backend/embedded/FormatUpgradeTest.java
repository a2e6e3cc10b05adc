package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.DocumentMutation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of an older format is brought up to date when it is opened. */
class FormatUpgradeTest {
    @TempDir
    Path directory;

    @Test
    void pathsThatWereDeclaredInFormat2GetTheirIndex() throws SQLException {
        try (Opened opened = Opened.in(directory)) {
            for (int i = 0; i < 20; i++) {
                opened.apply(DocumentMutation.PutDocument.of("c", "d" + i, PropertyMap.of("v", i % 5)));
            }
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DROP TABLE life");
            statement.executeUpdate("DROP TABLE document_value");
            statement.executeUpdate("DROP TABLE document_path");
            statement.executeUpdate("CREATE TABLE document_path (ns INTEGER NOT NULL, collection TEXT NOT NULL,"
                    + " path TEXT NOT NULL, PRIMARY KEY (ns, collection, path)) WITHOUT ROWID");
            statement.executeUpdate("INSERT INTO document_path SELECT id, 'c', '[\"v\"]' FROM namespace");
            statement.executeUpdate("UPDATE store SET format = 2");
        }
        for (int open = 0; open < 2; open++) {
            try (Opened opened = Opened.in(directory)) {
                DocumentQuery query = DocumentQuery.of("c", Filter.ge(Field.property("v"), 3));
                assertThat(opened.backend()
                                .documents()
                                .find(opened.scope(), query.sort(SortKey.descending("v")))
                                .items())
                        .extracting(Document::id)
                        .containsExactly("d14", "d19", "d4", "d9", "d13", "d18", "d3", "d8");
                long rows = opened.store()
                        .read(Opened.soon(), database -> database.number("SELECT count(*) FROM document_value"));
                assertThat(rows).isEqualTo(20);
            }
        }
    }
}
