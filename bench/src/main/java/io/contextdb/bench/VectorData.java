package io.contextdb.bench;

import io.contextdb.spi.vector.VectorPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Points with a vector, a text and a property, and queries of the same kind; the same for every store by its seed. */
public final class VectorData {
    /** As many numbers as common sentence embeddings have. */
    public static final int DIMENSIONS = 384;

    /** Of so many groups that have the same property; one of them is asked for by filters. */
    public static final int BUCKETS = 100;

    /** The group that filters ask for: 1 of {@value #BUCKETS}. */
    public static final int BUCKET = 7;

    /** As many as searches ask for. */
    public static final int K = 10;

    private static final int QUERIES = 200;

    private final List<float[]> vectors = new ArrayList<>();
    private final List<float[]> queries = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();

    /** Makes so many points. */
    public VectorData(int size) {
        ClusteredVectors clustered = new ClusteredVectors(DIMENSIONS, BenchmarkRun.SEED);
        Words words = new Words(BenchmarkRun.SEED);
        for (int i = 0; i < size; i++) {
            vectors.add(clustered.next());
            texts.add(words.sentence(16));
        }
        for (int i = 0; i < QUERIES; i++) {
            queries.add(clustered.next());
            questions.add(words.sentence(3));
        }
    }

    /** Returns how many points there are. */
    public int size() {
        return vectors.size();
    }

    /** Returns the id of a point. */
    public static UUID id(int point) {
        return new UUID(1, point);
    }

    /** Returns the vector of a point. */
    public float[] vector(int point) {
        return vectors.get(point);
    }

    /** Returns the text of a point. */
    public String text(int point) {
        return texts.get(point);
    }

    /** Returns some point as the driver takes it. */
    public VectorPoint point(int point) {
        return VectorPoint.builder(id(point))
                .vector(vectors.get(point))
                .text(texts.get(point))
                .property("bucket", point % BUCKETS)
                .build();
    }

    /** Returns the points from one to another, which is not among them. */
    public List<VectorPoint> points(int from, int to) {
        return IntStream.range(from, Math.min(to, size())).mapToObj(this::point).toList();
    }

    /** Returns any of the queries. */
    public float[] query() {
        return queries.get(ThreadLocalRandom.current().nextInt(QUERIES));
    }

    /** Returns any of the texts that are asked for. */
    public String question() {
        return questions.get(ThreadLocalRandom.current().nextInt(QUERIES));
    }

    /** Searches for a query and returns the ids that it found. */
    @FunctionalInterface
    public interface Search {
        /** Returns ids. */
        List<UUID> search(float[] query) throws Exception;
    }

    /** Returns what part of the true nearest a search finds. */
    public double recall(boolean filtered, Search search) throws Exception {
        int asked = Math.min(QUERIES, 100);
        int found = 0;
        for (float[] query : queries.subList(0, asked)) {
            Set<UUID> exact = exact(query, filtered);
            found += (int) search.search(query).stream().filter(exact::contains).count();
        }
        return (double) found / (asked * K);
    }

    /** Returns what two searches find of the true nearest, as a remark. */
    public String recalls(boolean filtered, Search ours, Search theirs) throws Exception {
        return "recall@10 " + Spread.figure(recall(filtered, ours)) + " and " + Spread.figure(recall(filtered, theirs));
    }

    private Set<UUID> exact(float[] query, boolean filtered) {
        record Scored(int index, float score) {}
        PriorityQueue<Scored> best = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
        for (int i = 0; i < size(); i++) {
            if (!filtered || i % BUCKETS == BUCKET) {
                best.add(new Scored(i, dot(query, vectors.get(i))));
                if (best.size() > K) {
                    best.poll();
                }
            }
        }
        Set<UUID> ids = new HashSet<>();
        best.forEach(scored -> ids.add(id(scored.index())));
        return ids;
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
