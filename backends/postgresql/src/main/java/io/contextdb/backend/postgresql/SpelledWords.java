package io.contextdb.backend.postgresql;

import io.contextdb.spi.vector.Spelling;
import io.contextdb.spi.vector.TextQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The words of a space that a query's words match because they are spelled alike (contract V9), read before the search itself. */
final class SpelledWords {
    /** Goes from each word to the next in the postings' key, however many texts have it, as long as the first letter is the same. */
    private static final String NEAR = """
            WITH RECURSIVE near AS (
              (SELECT o.word FROM cdb.posting o WHERE o.space = ? AND o.word >= ? ORDER BY o.word LIMIT 1)
              UNION ALL
              SELECT (SELECT o.word FROM cdb.posting o WHERE o.space = ? AND o.word > n.word ORDER BY o.word LIMIT 1)
                FROM near n WHERE starts_with(n.word, ?))
            SELECT n.word FROM near n WHERE starts_with(n.word, ?) AND char_length(n.word) BETWEEN ? AND ?
            """;

    private final Words asked;
    private final boolean fuzzy;
    private final Map<String, List<String>> near = new HashMap<>();

    SpelledWords(TextQuery query) {
        this.asked = Words.of(query.text());
        this.fuzzy = query.fuzzy();
    }

    /** Asks for the words that are near those of the query; for one that is not fuzzy, for none. */
    void addTo(Script script, Space space) {
        if (fuzzy) {
            Spelling.sought(asked.times()).forEach(word -> ask(script, space, word));
        }
    }

    private void ask(Script script, Space space, String word) {
        List<String> found = new ArrayList<>();
        near.put(word, found);
        String first = word.substring(0, word.offsetByCodePoints(0, 1));
        int letters = word.codePointCount(0, word.length());
        int edits = Spelling.edits(word);
        script.rows(
                row -> found.add(row.getString(1)),
                NEAR,
                space.id(),
                first,
                space.id(),
                first,
                first,
                letters - edits,
                letters + edits);
    }

    /** Returns how much each word counts, once they were read. */
    Map<String, Double> weights() {
        return Spelling.weights(asked.times(), near);
    }
}
