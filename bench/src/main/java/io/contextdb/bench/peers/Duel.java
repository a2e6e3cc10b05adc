package io.contextdb.bench.peers;

import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Clock;
import io.contextdb.bench.ClusteredVectors;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Side;
import io.contextdb.bench.Spread;
import io.contextdb.bench.VectorData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** Compares two stores that hold the same points, in all that both can do. */
final class Duel {
    private static final int BATCH = 100;
    private static final int MOST_BATCHES = 40;

    private final BenchmarkRun run;
    private final VectorData data;
    private final Clock clock;
    private final ClusteredVectors others = new ClusteredVectors(VectorData.DIMENSIONS, BenchmarkRun.SEED + 1);
    private long fresh;

    Duel(BenchmarkRun run, VectorData data, Clock clock) {
        this.run = run;
        this.data = data;
        this.clock = clock;
    }

    /** Gives all stores the same points. */
    void fill(List<PeerStore> stores) throws Exception {
        for (int from = 0; from < data.size(); from += 500) {
            List<Stored> points = new ArrayList<>();
            for (int i = from; i < Math.min(from + 500, data.size()); i++) {
                points.add(
                        new Stored(VectorData.id(i), data.vector(i), i + " " + data.text(i), i % VectorData.BUCKETS));
            }
            for (PeerStore store : stores) {
                store.add(points);
            }
        }
    }

    void compare(String peer, PeerStore ours, PeerStore theirs, String remark) throws Exception {
        String prefix = "peers/" + peer + "/";
        search(prefix + "search", String.format("nearest 10 of %,d", data.size()), ours, theirs, -1);
        search(prefix + "filtered", "the same, with a filter that keeps 1 %", ours, theirs, VectorData.BUCKET);
        Deque<List<UUID>> oursAdded = new ArrayDeque<>();
        Deque<List<UUID>> theirsAdded = new ArrayDeque<>();
        run.compare(
                Comparison.of(prefix + "add", "add 100 points", adding(ours, oursAdded), adding(theirs, theirsAdded))
                        .by(clock)
                        .remark(remark));
        remove(ours, oursAdded);
        remove(theirs, theirsAdded);
        run.compare(Comparison.of(prefix + "delete", "delete 100 points", deleting(ours), deleting(theirs))
                .by(clock)
                .remark(remark));
    }

    private void search(String name, String what, PeerStore ours, PeerStore theirs, int bucket) throws Exception {
        if (run.wants(name)) {
            boolean filtered = bucket >= 0;
            String recall = "recall@10 " + Spread.figure(data.recall(filtered, query -> ours.search(query, bucket)))
                    + " and " + Spread.figure(data.recall(filtered, query -> theirs.search(query, bucket)));
            run.compare(Comparison.of(
                            name,
                            what,
                            Side.of(
                                    ours.name(),
                                    () -> ours.search(data.query(), bucket).size()),
                            Side.of(
                                    theirs.name(),
                                    () -> theirs.search(data.query(), bucket).size()))
                    .by(clock)
                    .remark(recall));
        }
    }

    /** What a round added is removed before the next, so that no store grows. */
    private Side adding(PeerStore store, Deque<List<UUID>> added) {
        return Side.prepared(store.name(), MOST_BATCHES, operations -> remove(store, added), () -> {
            List<Stored> points = points();
            added.push(ids(points));
            store.add(points);
            return points.size();
        });
    }

    private static void remove(PeerStore store, Deque<List<UUID>> added) throws Exception {
        while (!added.isEmpty()) {
            store.delete(added.pop());
        }
    }

    private Side deleting(PeerStore store) {
        Deque<List<UUID>> there = new ArrayDeque<>();
        return Side.prepared(
                store.name(),
                MOST_BATCHES,
                operations -> {
                    for (int i = 0; i < operations; i++) {
                        List<Stored> points = points();
                        store.add(points);
                        there.push(ids(points));
                    }
                },
                () -> {
                    store.delete(there.pop());
                    return BATCH;
                });
    }

    private List<Stored> points() {
        List<Stored> points = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            int like = (int) (fresh % data.size());
            points.add(new Stored(
                    new UUID(2, fresh), others.next(), "new " + fresh + " " + data.text(like), VectorData.BUCKETS));
            fresh++;
        }
        return points;
    }

    private static List<UUID> ids(List<Stored> points) {
        return points.stream().map(Stored::id).toList();
    }
}
