package io.contextdb.backend.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Weight;

/**
 * A query that counts as one clause, whatever is in it. Lucene has a limit on the clauses of a query, nested ones included, that
 * guards against prefixes that match too much, and that is one setting of the whole process, which the application may use for
 * its own. What we ask for is bounded by our own limits, so large queries are put together from parts that are within it.
 */
final class Apart extends Query {
    /** Parts may become somewhat larger when Lucene simplifies them. */
    private static final int ROOM = 2;

    private static final int SMALL_SHARE = 8;

    private final Query query;

    private Apart(Query query) {
        this.query = query;
    }

    /** Returns the query in as few clauses as it takes: itself where it is small. */
    static Query of(Query query) {
        return clauses(query) <= IndexSearcher.getMaxClauseCount() / SMALL_SHARE ? query : new Apart(query);
    }

    /** Returns what any number of queries match together, with the sum of their scores where they are scored. */
    static Query all(List<? extends Query> queries, Occur occur) {
        int most = Math.max(2, IndexSearcher.getMaxClauseCount() / ROOM);
        List<Query> parts = new ArrayList<>();
        BooleanQuery.Builder part = new BooleanQuery.Builder();
        int inPart = 0;
        int clauses = 0;
        for (Query each : queries) {
            int more = clauses(each);
            if (inPart > 0 && clauses + more > most) {
                parts.add(new Apart(part.build()));
                part = new BooleanQuery.Builder();
                inPart = 0;
                clauses = 0;
            }
            part.add(each, occur);
            inPart++;
            clauses += more;
        }
        if (parts.isEmpty()) {
            return part.build();
        }
        parts.add(new Apart(part.build()));
        return all(parts, occur);
    }

    private static int clauses(Query query) {
        Counting counting = new Counting();
        query.visit(counting);
        return Math.max(1, counting.clauses);
    }

    /** Counts as Lucene does. */
    private static final class Counting extends QueryVisitor {
        int clauses;

        @Override
        public QueryVisitor getSubVisitor(Occur occur, Query parent) {
            return this;
        }

        @Override
        public void visitLeaf(Query query) {
            clauses++;
        }

        @Override
        public void consumeTerms(Query query, org.apache.lucene.index.Term... terms) {
            clauses++;
        }

        @Override
        public void consumeTermsMatching(
                Query query,
                String field,
                java.util.function.Supplier<org.apache.lucene.util.automaton.ByteRunAutomaton> automaton) {
            clauses++;
        }
    }

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) throws IOException {
        return searcher.createWeight(searcher.rewrite(query), mode, boost);
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public String toString(String field) {
        return "apart(" + query.toString(field) + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Apart that && query.equals(that.query);
    }

    @Override
    public int hashCode() {
        return 31 * query.hashCode() + 1;
    }
}
