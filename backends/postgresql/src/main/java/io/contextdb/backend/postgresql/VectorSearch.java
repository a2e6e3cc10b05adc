package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One search for the nearest. Through the space's index where there is one: iterative, so that filters are applied within it,
 * and exact again if it finds fewer than were asked for. Exact otherwise: the expression then differs from the index's, so
 * that the planner cannot use that. Not thread-safe.
 */
final class VectorSearch {
    private static final int LEAST_BREADTH = 100;
    private static final int MOST_BREADTH = 1_000;
    private static final String BREADTH = "SELECT set_config('hnsw.ef_search', ?, TRUE),"
            + " set_config('hnsw.iterative_scan', 'strict_order', TRUE)";

    private final Space space;
    private final VectorQuery query;
    private final boolean indexed;
    private final List<Hit> hits = new ArrayList<>();

    VectorSearch(Space space, VectorQuery query, boolean indexed) {
        this.space = space;
        this.query = query;
        this.indexed = indexed && !query.exact();
    }

    /** Returns the operator of pgvector whose value falls as the similarity rises. */
    static String operator(Metric metric) {
        return switch (metric) {
            case COSINE -> "OPERATOR(vec.<=>)";
            case DOT -> "OPERATOR(vec.<#>)";
            case EUCLIDEAN -> "OPERATOR(vec.<->)";
        };
    }

    void addTo(Script script) {
        if (indexed) {
            int breadth = Math.min(MOST_BREADTH, Math.max(LEAST_BREADTH, query.k()));
            script.rows(row -> {}, BREADTH, Integer.toString(breadth));
            approximate(script);
        } else {
            exact(script);
        }
    }

    private String columns() {
        return "SELECT " + Points.PAYLOAD + ", "
                + (query.withVectors() ? Points.VECTOR : "NULL") + ", p.embedding "
                + operator(space.definition().metric()) + " ?::vec.vector AS distance FROM cdb.point p";
    }

    private void exact(Script script) {
        FilterSql filter = FilterSql.of(query.filter(), PostgresVectors.POINTS);
        script.rows(
                this::take,
                columns() + " WHERE p.space = ? AND p.embedding IS NOT NULL AND " + filter.sql()
                        + " ORDER BY distance, p.id LIMIT ?",
                filter.values(List.of(Columns.vector(query.vector()), space.id()), query.k()));
    }

    /** The space's id stands in the text, as it does in the index's condition; it is a number that we gave. */
    private void approximate(Script script) {
        FilterSql filter = FilterSql.of(query.filter(), PostgresVectors.POINTS);
        String vector = Columns.vector(query.vector());
        script.rows(
                this::take,
                columns() + " WHERE p.space = " + space.id() + " AND p.embedding IS NOT NULL AND " + filter.sql()
                        + " ORDER BY " + VectorIndexes.expression(space, "p.embedding") + " "
                        + operator(space.definition().metric()) + " " + VectorIndexes.expression(space, "?")
                        + " LIMIT ?",
                filter.values(List.of(vector), vector, query.k()));
    }

    private void take(ResultSet row) throws SQLException {
        double distance = row.getDouble(Points.PAYLOAD_COLUMNS + 2);
        double score =
                space.definition().metric() == Metric.COSINE ? Math.max(-1, Math.min(1, 1 - distance)) : -distance;
        hits.add(new Hit(query.withVectors() ? Points.whole(row) : Points.bare(row), score));
    }

    /** Returns the hits once the script was sent; asks again, exactly, if the index gave too few. */
    List<Hit> hits(Snapshot snapshot) throws SQLException {
        if (indexed && hits.size() < query.k()) {
            hits.clear();
            Script again = new Script();
            exact(again);
            again.send(snapshot.connection(), snapshot.names());
        }
        hits.sort(Comparator.comparingDouble(Hit::score)
                .reversed()
                .thenComparing(hit -> hit.point().id(), UuidOrder.INSTANCE));
        return List.copyOf(hits);
    }
}
