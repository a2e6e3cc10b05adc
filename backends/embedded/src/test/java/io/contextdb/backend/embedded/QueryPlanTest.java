package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeQuery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements that find a few rows take an index to them, and do not look at all rows of the namespace. */
class QueryPlanTest {
    private Connection connection;

    @BeforeEach
    void createsTheTables() throws SQLException, IOException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        try (InputStream schema = EmbeddedProvider.class.getResourceAsStream("schema.sql");
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private List<String> plan(String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
        }
        return steps;
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void edgesAreFoundByTheIdsOfTheirNodes(Direction direction) throws SQLException {
        assertThat(plan(EdgeList.sql(EdgeQuery.of(direction, new UUID(0, 1)))))
                .anyMatch(step -> step.contains("SEARCH s") && step.contains("node_id (ns=? AND id=?)"));
    }

    @Test
    void aNodeIsFoundByItsFingerprint() throws SQLException {
        assertThat(plan(EmbeddedGraph.BY_FINGERPRINT))
                .anyMatch(step -> step.contains("node_fingerprint (ns=? AND fingerprint=?)"));
        assertThat(plan(GraphWriter.HOLDER))
                .anyMatch(step -> step.contains("node_fingerprint (ns=? AND fingerprint=?)"));
    }

    @Test
    void aDiffFindsFewChangesByTheirTimeAndManyByTheirId() throws SQLException {
        assertThat(plan(GraphDiff.RECENT))
                .anyMatch(step -> step.contains("COVERING INDEX node_changed (ns=? AND tx_from>?)"));
        assertThat(plan(GraphDiff.BY_TIME))
                .anyMatch(step -> step.contains("COVERING INDEX node_changed (ns=? AND tx_from>?)"));
        assertThat(plan(GraphDiff.BY_ID))
                .anyMatch(step -> step.contains("node_id (ns=? AND id>?)"))
                .noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    @Test
    void anErasureFindsWhatBelongsToItsNode() throws SQLException {
        for (String delete : Erasure.OF_NODE) {
            assertThat(plan(delete)).as(delete).noneMatch(step -> step.contains("SCAN"));
            assertThat(plan(delete)).as(delete).noneMatch(step -> step.endsWith("(ns=?)"));
        }
        assertThat(plan(Erasure.PAYLOADS)).anyMatch(step -> step.contains("event_subject (ns=? AND subject=?)"));
    }

    @Test
    void eventsAboutASubjectAreFoundInTheirOrder() throws SQLException {
        assertThat(plan(EmbeddedEvents.ABOUT_ONE))
                .anyMatch(step -> step.contains("event_subject (ns=? AND subject=?"))
                .noneMatch(step -> step.contains("TEMP B-TREE"));
        assertThat(plan(LatestEvents.ABOUT))
                .anyMatch(step -> step.contains("event_subject (ns=? AND subject=?"))
                .noneMatch(step -> step.contains("TEMP B-TREE"));
        assertThat(plan(LatestEvents.BEFORE))
                .anyMatch(step -> step.contains("PRIMARY KEY (ns=? AND"))
                .noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    @Test
    void aScanOfKeysBeginsAtItsPrefix() throws SQLException {
        assertThat(plan(EmbeddedKeys.IN_RANGE)).anyMatch(step -> step.contains("entry_key (ns=? AND key>? AND key<?)"));
        assertThat(EmbeddedKeys.IN_RANGE)
                .as("one lower bound that the index can be entered by")
                .containsOnlyOnce(" AND key >");
    }

    @Test
    void declaredPathsAreEnteredByTheirValues() throws SQLException {
        for (String sql : List.of(
                DocumentSearch.COUNT,
                DocumentSearch.COUNT_SOME,
                DocumentSearch.IDS,
                DocumentSearch.IDS_OF_VALUE,
                DocumentSearch.FIRST_VALUE,
                DocumentSearch.LAST_VALUE)) {
            assertThat(plan(sql))
                    .as(sql)
                    .anyMatch(step -> step.contains("PRIMARY KEY (path=? AND value"))
                    .noneMatch(step -> step.contains("TEMP B-TREE"));
        }
        assertThat(plan(DocumentIndex.PATHS))
                .anyMatch(step -> step.contains("document_path_name (ns=? AND collection=?"));
    }

    @Test
    void pointsAreCountedByAnIndexAlone() throws SQLException {
        assertThat(plan(IndexedPoints.COUNT)).anyMatch(step -> step.contains("COVERING INDEX point_id (space=?)"));
    }
}
