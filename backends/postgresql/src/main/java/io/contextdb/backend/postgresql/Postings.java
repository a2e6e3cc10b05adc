package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The words that texts bring to and take from the postings of their spaces, and what that makes of the sums of the space. Every change
 * of a text goes by here, so that what it added is what it takes away. Removals go first. Not thread-safe.
 */
final class Postings {
    private static final String ROWS = ArrayRows.of("space int4, word text, point uuid, times int4, length int4");
    private static final String DELETE = """
            DELETE FROM cdb.posting p USING %s r
             WHERE p.space = r.space AND p.word = r.word AND p.point = r.point
            """.formatted(ArrayRows.of("space int4, word text, point uuid"));
    private static final String INSERT = """
            INSERT INTO cdb.posting (space, word, point, times, length)
            SELECT r.* FROM %s r
            """.formatted(ROWS);
    private static final String SUM = "UPDATE cdb.space SET texts = texts + ?, words = words + ? WHERE id = ?";

    private static final String ADD = """
            , t AS (INSERT INTO cdb.posting (space, word, point, times, length)
              SELECT r.* FROM c, %s r)
            """.formatted(ROWS);
    /** Names the spaces twice, so that the others are not read, however the two are joined. */
    private static final String ADD_UP = """
            , s AS (UPDATE cdb.space s SET texts = s.texts + r.texts, words = s.words + r.words
                      FROM c, %s r WHERE s.id = r.id AND s.id = ANY (?))
            """.formatted(ArrayRows.of("id int4, texts int8, words int8"));

    private record Posting(int space, String word, UUID point, int times, int length) {}

    private record Sum(long texts, long words) {
        /** What a text counts as (contract V7): one text and its words; without a word, nothing. */
        static Sum of(Words words) {
            return new Sum(words.length() == 0 ? 0 : 1, words.length());
        }

        Sum negated() {
            return new Sum(-texts, -words);
        }

        boolean isNothing() {
            return texts == 0 && words == 0;
        }

        Sum and(Sum other) {
            return new Sum(texts + other.texts, words + other.words);
        }
    }

    private final List<Posting> gone = new ArrayList<>();
    private final List<Posting> come = new ArrayList<>();
    private final Map<Integer, Sum> sums = new LinkedHashMap<>();

    void remove(int space, UUID point, String text) {
        Words words = Words.of(text);
        words.times().keySet().forEach(word -> gone.add(new Posting(space, word, point, 0, 0)));
        count(space, Sum.of(words).negated());
    }

    void add(int space, UUID point, String text) {
        Words words = Words.of(text);
        words.times().forEach((word, times) -> come.add(new Posting(space, word, point, times, words.length())));
        count(space, Sum.of(words));
    }

    private void count(int space, Sum sum) {
        if (!sum.isNothing()) {
            sums.merge(space, sum, Sum::and);
        }
    }

    void flush(Script script) {
        if (!gone.isEmpty()) {
            script.run(DELETE, spaces(gone), words(gone), points(gone));
        }
        if (!come.isEmpty()) {
            script.run(
                    INSERT,
                    spaces(come),
                    words(come),
                    points(come),
                    Many.ints(come, Posting::times),
                    Many.ints(come, Posting::length));
        }
        sums.forEach((space, sum) -> {
            if (!sum.isNothing()) {
                script.run(SUM, sum.texts(), sum.words(), space);
            }
        });
    }

    /** Adds how what has come is written, to a statement that writes only if its part named c has a row. */
    void addTo(Parts inserts) {
        if (come.isEmpty()) {
            return;
        }
        inserts.add(
                ADD,
                spaces(come),
                words(come),
                points(come),
                Many.ints(come, Posting::times),
                Many.ints(come, Posting::length));
        List<Map.Entry<Integer, Sum>> all = List.copyOf(sums.entrySet());
        Many spaces = Many.ints(all, Map.Entry::getKey);
        inserts.add(
                ADD_UP,
                spaces,
                Many.longs(all, sum -> sum.getValue().texts()),
                Many.longs(all, sum -> sum.getValue().words()),
                spaces);
    }

    private static Many spaces(List<Posting> postings) {
        return Many.ints(postings, Posting::space);
    }

    private static Many words(List<Posting> postings) {
        return Many.texts(postings, Posting::word);
    }

    private static Many points(List<Posting> postings) {
        return Many.uuids(postings, Posting::point);
    }
}
