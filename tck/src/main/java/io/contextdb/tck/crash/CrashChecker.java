package io.contextdb.tck.crash;

import io.contextdb.Namespace;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Compares a store with what its killed writers did. */
final class CrashChecker {
    private final Namespace namespace;
    private final String when;

    CrashChecker(Namespace namespace, String when) {
        this.namespace = namespace;
        this.when = when;
    }

    /**
     * Checks the batches of this round one by one, and the totals of all rounds, and returns for each writer its next step.
     *
     * @param first for each writer, the first step of this round
     * @param acknowledged for each writer, the step after the last one that was acknowledged
     */
    long[] check(long[] first, long[] acknowledged) {
        Map<String, Integer> events = events();
        long[] next = new long[first.length];
        for (int writer = 0; writer < first.length; writer++) {
            for (long step = first[writer]; step < acknowledged[writer]; step++) {
                CrashBatch batch = new CrashBatch(writer, step);
                require(traces(batch, events) == everything(batch), "%s: acknowledged %s is not whole", when, batch);
                requireIndexed(batch);
            }
            // One batch a writer may have been under way: there whole, or not at all; and nothing beyond it.
            CrashBatch open = new CrashBatch(writer, acknowledged[writer]);
            int traces = traces(open, events);
            require(
                    traces == 0 || traces == everything(open),
                    "%s: unacknowledged %s is there in part: %d of %d",
                    when,
                    open,
                    traces,
                    everything(open));
            CrashBatch never = new CrashBatch(writer, acknowledged[writer] + 1);
            require(traces(never, events) == 0, "%s: %s was never written and is there", when, never);
            next[writer] = acknowledged[writer] + (traces == 0 ? 0 : 1);
        }
        requireTotals(next, events.size());
        return next;
    }

    private static int everything(CrashBatch batch) {
        return 3 * batch.size() + 3;
    }

    /** Counts the entities of a batch that are there. */
    private int traces(CrashBatch batch, Map<String, Integer> events) {
        List<UUID> nodes = new ArrayList<>();
        List<UUID> edges = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            nodes.add(batch.node(i));
            edges.add(batch.edge(i));
        }
        return namespace.graph().get(nodes).size()
                + namespace.graph().getEdges(edges).size()
                + namespace.vectors().get(CrashBatch.SPACE, nodes).size()
                + namespace.keys().get(List.of(batch.key())).size()
                + namespace
                        .documents(CrashBatch.COLLECTION)
                        .get(List.of(batch.key()))
                        .size()
                + events.getOrDefault(batch.key(), 0);
    }

    /** The indexes, which are derived from the records, must find what the records hold. */
    private void requireIndexed(CrashBatch batch) {
        int index = (int) (batch.step() % batch.size());
        UUID id = batch.node(index);
        List<Hit> nearest =
                namespace.vectors().search(VectorQuery.nearest(CrashBatch.SPACE, Vector.of(batch.vector(index)), 1));
        require(found(nearest, id), "%s: vector search does not find %s of %s", when, id, batch);
        List<Hit> named = namespace.vectors().searchText(TextQuery.of(CrashBatch.SPACE, batch.word(index), 1));
        require(found(named, id), "%s: text search does not find %s of %s", when, id, batch);
    }

    private void requireTotals(long[] next, long events) {
        long batches = 0;
        long nodes = 0;
        for (int writer = 0; writer < next.length; writer++) {
            batches += next[writer];
            for (long step = 0; step < next[writer]; step++) {
                nodes += new CrashBatch(writer, step).size();
            }
        }
        NamespaceStatistics totals = namespace.statistics();
        long counter = namespace
                .keys()
                .get(CrashBatch.COUNTER)
                .map(entry -> Long.parseLong(entry.value().utf8()))
                .orElse(0L);
        long points = namespace.vectors().count(CrashBatch.SPACE, Filter.everything());
        require(
                totals.nodes() == nodes
                        && totals.edges() == nodes
                        && points == nodes
                        && totals.documents() == batches
                        && totals.keys() == batches + 1
                        && events == batches
                        && counter == batches,
                "%s: %d batches of %d nodes were written, but there are %s, %d points, %d events, counter %d",
                when,
                batches,
                nodes,
                totals,
                points,
                events,
                counter);
    }

    private Map<String, Integer> events() {
        Map<String, Integer> bySubject = new HashMap<>();
        namespace
                .events()
                .readAll(EventQuery.after(EventPosition.START, 5_000))
                .forEach(event -> bySubject.merge(event.subject(), 1, Integer::sum));
        return bySubject;
    }

    private static boolean found(List<Hit> hits, UUID id) {
        return !hits.isEmpty() && hits.get(0).point().id().equals(id);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new AssertionError(String.format(message, values));
        }
    }
}
