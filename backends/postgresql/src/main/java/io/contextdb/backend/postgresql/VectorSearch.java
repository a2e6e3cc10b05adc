package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One search for the nearest, as one statement.
 *
 * <ul>
 *   <li>Exact: every point that matches is compared. Its expression differs from the index's, so that the planner cannot use
 *       that.
 *   <li>Through the space's index, where there is one: iterative, so that filters are applied within it. A walk over a graph
 *       finds few matches badly, so where no more than {@value #FEW} match, these are compared instead; the statement counts
 *       them first. More candidates are taken than were asked for, as iterations are not in order. Fewer than k that way are
 *       no answer: the exact search is then asked.
 * </ul>
 *
 * Not thread-safe.
 */
final class VectorSearch {
    private static final int FEW = 2_000;
    private static final int LEAST_BREADTH = 100;
    private static final int MOST_BREADTH = 1_000;
    private static final String BREADTH = "SELECT set_config('hnsw.ef_search', ?, TRUE),"
            + " set_config('hnsw.iterative_scan', 'relaxed_order', TRUE)";
    private static final String COUNTED = "(SELECT count(*) FROM few) ";

    private final Space space;
    private final VectorQuery query;
    private final boolean indexed;
    private final List<Hit> hits = new ArrayList<>();
    private boolean approximate;

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
        if (!indexed) {
            exact(script);
            return;
        }
        // Nothing that the walk over an empty index gives is final either.
        approximate = true;
        int breadth = Math.min(MOST_BREADTH, Math.max(LEAST_BREADTH, 2 * query.k()));
        script.rows(row -> {}, BREADTH, Integer.toString(breadth));
        if (query.filter() instanceof Filter.Everything) {
            script.rows(this::take, walk("TRUE"), vector(), vector(), candidates());
        } else {
            counted(script);
        }
    }

    private Many vector() {
        return new Many("float4", query.vector().toArray());
    }

    private int candidates() {
        return 2 * query.k() + 20;
    }

    private String columns(boolean exact) {
        return "SELECT " + Points.PAYLOAD + ", " + (query.withVectors() ? Points.VECTOR : "NULL::float4[]")
                + ", p.embedding " + operator(space.definition().metric())
                + " (SELECT ?::float4[]::vec.vector) AS distance, " + exact
                + " FROM ";
    }

    /** The space's id stands in the text, as it does in the index's condition; it is a number that we gave. */
    private String walk(String condition) {
        return columns(false) + "cdb.point p WHERE p.space = " + space.id() + " AND p.embedding IS NOT NULL AND "
                + condition
                + " ORDER BY " + VectorIndexes.expression(space, "p.embedding") + " "
                + operator(space.definition().metric()) + " (SELECT " + VectorIndexes.expression(space, "?::float4[]")
                + ") LIMIT ?";
    }

    private void counted(Script script) {
        FilterSql filter = FilterSql.of(query.filter(), PostgresVectors.POINTS);
        List<Object> bound = new ArrayList<>(List.of(space.id()));
        bound.addAll(List.of(filter.values(List.of())));
        bound.addAll(List.of(FEW + 1, vector(), space.id(), FEW, query.k(), vector(), FEW));
        bound.addAll(List.of(filter.values(List.of())));
        bound.addAll(List.of(vector(), candidates()));
        script.rows(
                this::take,
                "WITH few AS MATERIALIZED (SELECT p.id FROM cdb.point p WHERE p.space = ? AND p.embedding IS NOT NULL AND "
                        + filter.sql() + " LIMIT ?) ("
                        + columns(true) + "few f JOIN cdb.point p ON p.space = ? AND p.id = f.id WHERE " + COUNTED
                        + "<= ? ORDER BY distance, p.id LIMIT ?) UNION ALL ("
                        + walk(COUNTED + "> ? AND " + filter.sql()) + ")",
                bound.toArray());
    }

    private void exact(Script script) {
        FilterSql filter = FilterSql.of(query.filter(), PostgresVectors.POINTS);
        script.rows(
                this::take,
                columns(true) + "cdb.point p WHERE p.space = ? AND p.embedding IS NOT NULL AND " + filter.sql()
                        + " ORDER BY distance, p.id LIMIT ?",
                filter.values(List.of(vector(), space.id()), query.k()));
    }

    private void take(ResultSet row) throws SQLException {
        double distance = row.getDouble(Points.PAYLOAD_COLUMNS + 2);
        approximate = !row.getBoolean(Points.PAYLOAD_COLUMNS + 3);
        double score =
                space.definition().metric() == Metric.COSINE ? Math.max(-1, Math.min(1, 1 - distance)) : -distance;
        hits.add(new Hit(query.withVectors() ? Points.whole(row) : Points.bare(row), score));
    }

    /** Returns the hits once the script was sent. */
    List<Hit> hits(Snapshot snapshot) throws SQLException {
        if (indexed && approximate && hits.size() < query.k()) {
            hits.clear();
            Script again = new Script();
            exact(again);
            snapshot.send(again);
        }
        hits.sort(Hit.ORDER);
        return List.copyOf(hits.subList(0, Math.min(query.k(), hits.size())));
    }
}
