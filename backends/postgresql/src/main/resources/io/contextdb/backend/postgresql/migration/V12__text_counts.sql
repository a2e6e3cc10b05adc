-- Sums of texts and words of spaces, worked out again from the postings: a text without a word was added as none and taken away as one.
-- The difference is added, so that a writer that goes on meanwhile adds to it; postings of texts of one length give the number of these
-- texts, times/length, exactly. Tables may be held by row-level security.
DO $$ BEGIN PERFORM set_config('contextdb.namespace', '*', TRUE); END $$;

WITH kept AS MATERIALIZED (SELECT s.id, s.texts, s.words FROM ${schema}.space s),
     found AS (SELECT l.space, sum(l.times / l.length)::bigint AS texts, sum(l.times)::bigint AS words
                 FROM (SELECT o.space, o.length, sum(o.times) AS times FROM ${schema}.posting o GROUP BY o.space, o.length) l
                GROUP BY l.space),
     drift AS MATERIALIZED (SELECT k.id, coalesce(f.texts, 0) - k.texts AS texts, coalesce(f.words, 0) - k.words AS words
                              FROM kept k LEFT JOIN found f ON f.space = k.id)
UPDATE ${schema}.space s SET texts = s.texts + d.texts, words = s.words + d.words
  FROM drift d WHERE s.id = d.id AND (d.texts <> 0 OR d.words <> 0);
