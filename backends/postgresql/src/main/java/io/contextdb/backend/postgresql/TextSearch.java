package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import java.util.List;
import java.util.Map;

/**
 * BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over the postings of a space, with k1 = 1.2,
 * b = 0.75 and {@code idf = ln(1 + (N − n + 0.5) / (n + 0.5))}, without the constant factor k1 + 1 (contract V7). A
 * {@code tsvector} knows neither how many texts have a word nor their mean length, so its ranks are none of BM25. A count of texts
 * that is less than those found, which it never should be, ranks badly and fails nothing.
 */
final class TextSearch {
    private static final String SCORED = """
            WITH asked AS MATERIALIZED (SELECT q.word, q.times, (SELECT count(*) FROM cdb.posting o WHERE o.space = ? AND o.word = q.word) AS n
                             FROM %s q),
                 scored AS (SELECT o.point,
                                   sum(a.times * ln(1 + (greatest(s.texts, a.n) - a.n + 0.5::float8) / (a.n + 0.5::float8)) * o.times
                                       / (o.times + 1.2::float8 * (0.25::float8 + 0.75::float8 * o.length * greatest(s.texts, a.n)
                                                                                   / greatest(s.words, 1)))
                                       ORDER BY o.word) AS score
                              FROM asked a
                              JOIN cdb.posting o ON o.space = ? AND o.word = a.word
                              JOIN cdb.space s ON s.id = ?
                             GROUP BY o.point
            """.formatted(ArrayRows.of("word text, times float8"));
    private static final String BEST = "ORDER BY score DESC, o.point LIMIT ?";
    private static final String POINTS = ") SELECT " + Points.PAYLOAD
            + ", scored.score FROM scored JOIN cdb.point p ON p.space = ? AND p.id = scored.point";
    private static final String ORDER = " ORDER BY scored.score DESC, p.id LIMIT ?";

    private TextSearch() {}

    /**
     * Adds a search.
     *
     * @param weights how much each word counts
     */
    static void addTo(Script script, Space space, TextQuery query, Map<String, Double> weights, List<Hit> hits) {
        if (weights.isEmpty()) {
            return;
        }
        List<String> asked = weights.keySet().stream().sorted().toList();
        Many times = Many.doubles(asked, word -> weights.getOrDefault(word, 1.0));
        List<Object> bound = List.of(space.id(), Many.texts(asked), times, space.id(), space.id());
        Script.Each take = row -> hits.add(new Hit(Points.bare(row), row.getDouble(Points.PAYLOAD_COLUMNS + 1)));
        if (query.filter() instanceof Filter.Everything) {
            // The best are known before their points are read.
            Object[] values = new java.util.ArrayList<>(bound).toArray();
            script.rows(take, SCORED + BEST + POINTS + ORDER, append(values, query.k(), space.id(), query.k()));
        } else {
            FilterSql filter = FilterSql.of(query.filter(), PostgresVectors.POINTS);
            List<Object> before = new java.util.ArrayList<>(bound);
            before.add(space.id());
            script.rows(take, SCORED + POINTS + " WHERE " + filter.sql() + ORDER, filter.values(before, query.k()));
        }
    }

    private static Object[] append(Object[] values, Object... more) {
        Object[] all = java.util.Arrays.copyOf(values, values.length + more.length);
        System.arraycopy(more, 0, all, values.length, more.length);
        return all;
    }
}
