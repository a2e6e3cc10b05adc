package io.contextdb.tck.differential;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A search, by vector or by text. The reference ranks every match; the other answer may exchange hits only where the contract
 * leaves it free: scores of vectors within 1e-4 (V2), scores of texts altogether, but never hits that are equal (G12).
 *
 * @param space name of the space
 * @param vector what is near; null to search by text
 * @param text words, where no vector is given
 * @param fuzzy whether words that are spelled alike match too
 * @param k most hits; a search by text takes every match, for any cut is by score
 * @param filter which points
 */
record Search(
        String space,
        @org.jspecify.annotations.Nullable Vector vector,
        String text,
        boolean fuzzy,
        int k,
        Filter filter)
        implements Action {
    private static final double TOLERANCE = 1e-4;
    private static final int EVERY = 1_000;

    private record Ranking(List<Hit> hits, View view) {
        @Override
        public String toString() {
            return hits.stream()
                    .map(hit -> hit.score() + " " + view.point(hit.point()))
                    .toList()
                    .toString();
        }
    }

    @Override
    public Object run(Side side) {
        int most = side.isReference() || vector == null ? EVERY : k;
        List<Hit> hits = vector == null
                ? side.namespace().vectors().searchText(new TextQuery(space, text, most, filter, fuzzy))
                : side.namespace()
                        .vectors()
                        .search(VectorQuery.nearest(space, vector, most)
                                .where(filter)
                                .exactly()
                                .includingVectors());
        return new Ranking(hits, side.view());
    }

    @Override
    public String java(Side side) {
        return side.variable()
                + (vector == null
                        ? ".vectors().searchText(TextQuery.of(" + JavaText.arguments(space, text, EVERY) + ").where("
                                + JavaText.of(filter) + ")" + (fuzzy ? ".fuzzily()" : "") + ");"
                        : ".vectors().search(VectorQuery.nearest(" + JavaText.arguments(space, vector, k) + ").where("
                                + JavaText.of(filter) + ").exactly().includingVectors());");
    }

    @Override
    public Optional<String> difference(Object expected, Object actual) {
        if (!(expected instanceof Ranking all) || !(actual instanceof Ranking found)) {
            return Action.super.difference(expected, actual);
        }
        return problem(all, found).map(problem -> problem + "\nexpected " + all + "\n     was " + found);
    }

    private Optional<String> problem(Ranking all, Ranking found) {
        int matching = all.hits().size();
        int expected = vector == null ? matching : Math.min(k, matching);
        if (found.hits().size() != expected) {
            return Optional.of(found.hits().size() + " hits instead of " + expected);
        }
        Map<UUID, Hit> truth = new HashMap<>();
        all.hits().forEach(hit -> truth.put(hit.point().id(), hit));
        Map<UUID, Integer> rank = new HashMap<>();
        double least = Double.POSITIVE_INFINITY;
        double before = Double.POSITIVE_INFINITY;
        for (Hit hit : found.hits()) {
            Hit should = truth.get(hit.point().id());
            if (should == null || rank.put(hit.point().id(), rank.size()) != null) {
                return Optional.of(hit.point().id() + " does not match, or is there twice");
            }
            if (!all.view().point(should.point()).equals(found.view().point(hit.point()))) {
                return Optional.of(hit.point().id() + " has another payload");
            }
            if (hit.score() > before) {
                return Optional.of(hit.point().id() + " scores more than the hit before it");
            }
            before = hit.score();
            if (vector != null && Math.abs(hit.score() - should.score()) > TOLERANCE) {
                return Optional.of(hit.point().id() + " scores " + hit.score() + " instead of " + should.score());
            }
            if (vector != null && should.score() > least + 2 * TOLERANCE) {
                return Optional.of(hit.point().id() + " is behind worse ones");
            }
            least = Math.min(least, should.score());
        }
        return cut(all, rank, least).or(() -> ties(all, rank));
    }

    /** What was left out may not be better than what was taken. */
    private Optional<String> cut(Ranking all, Map<UUID, Integer> rank, double least) {
        return all.hits().stream()
                .filter(hit -> !rank.containsKey(hit.point().id()))
                .filter(hit -> vector != null && hit.score() > least + 2 * TOLERANCE)
                .findFirst()
                .map(hit -> hit.point().id() + " is better than what was found");
    }

    /** Of points that are equal to the search, the smaller id comes first, and stays when there is room for one. */
    private Optional<String> ties(Ranking all, Map<UUID, Integer> rank) {
        for (Hit a : all.hits()) {
            for (Hit b : all.hits()) {
                boolean equal = vector == null
                        ? a.point().text().equals(b.point().text())
                        : a.point().vector().equals(b.point().vector());
                if (equal
                        && UuidOrder.INSTANCE.compare(a.point().id(), b.point().id()) < 0
                        && rank.getOrDefault(a.point().id(), Integer.MAX_VALUE)
                                > rank.getOrDefault(b.point().id(), Integer.MAX_VALUE)) {
                    return Optional.of(b.point().id() + " is ahead of its equal "
                            + a.point().id());
                }
            }
        }
        return Optional.empty();
    }
}
