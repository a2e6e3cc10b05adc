package io.contextdb.bench;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Vectors;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Nearest neighbours in the embedded store against LangChain4j's {@code InMemoryEmbeddingStore}: the same vectors, the same
 * queries, in turn. Recall is against the exact answer. Arguments: number of vectors (100,000), rounds (3).
 */
public final class VectorSearchBenchmark {
    private static final int DIMENSIONS = 384;
    private static final int K = 10;
    private static final int QUERIES = 200;
    private static final int REPEATS = 10;
    private static final int PEER_QUERIES = 10;
    private static final int WARM_UP = 4;
    private static final int BUCKETS = 100;
    private static final String SPACE = "default";

    private final List<float[]> data = new ArrayList<>();
    private final List<float[]> queries = new ArrayList<>();
    private final int rounds;

    private VectorSearchBenchmark(int size, int rounds) {
        this.rounds = rounds;
        ClusteredVectors vectors = new ClusteredVectors(DIMENSIONS, 42);
        for (int i = 0; i < size; i++) {
            data.add(vectors.next());
        }
        for (int i = 0; i < QUERIES; i++) {
            queries.add(vectors.next());
        }
    }

    /** Runs and prints a Markdown table. */
    public static void main(String[] arguments) throws Exception {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        try (TemporaryDirectory directory = new TemporaryDirectory();
                ContextConnection connection =
                        ContextDriverManager.getConnection("contextdb:embedded:" + directory.path())) {
            new VectorSearchBenchmark(size, rounds)
                    .run(connection.namespace("bench").vectors());
        }
    }

    private void run(Vectors vectors) {
        vectors.createSpace(VectorSpace.cosine(SPACE, DIMENSIONS));
        Rate loading = Rate.perCpuSecond(1);
        loading.round(data.size(), () -> load(vectors));
        InMemoryEmbeddingStore<TextSegment> peer = new InMemoryEmbeddingStore<>();
        List<String> ids =
                IntStream.range(0, data.size()).mapToObj(i -> id(i).toString()).toList();
        peer.addAll(
                ids,
                data.stream().map(Embedding::from).toList(),
                IntStream.range(0, data.size())
                        .mapToObj(i -> TextSegment.from("x", new Metadata().put("bucket", i % BUCKETS)))
                        .toList());
        System.out.printf(
                Locale.ROOT,
                "%,d vectors of %d dimensions, k = %d; loaded at %s vectors per CPU-second%n%n",
                data.size(),
                DIMENSIONS,
                K,
                loading);
        System.out.println(
                "| search | recall@10 | contextdb embedded, queries per CPU-second | LangChain4j in memory | ratio |");
        System.out.println("|---|---|---|---|---|");
        compare("all", vectors, peer, false);
        compare("filter that keeps 1 %", vectors, peer, true);
        readYourWrites(vectors);
    }

    private void load(Vectors vectors) {
        for (int from = 0; from < data.size(); from += 1_000) {
            vectors.put(
                    SPACE,
                    IntStream.range(from, Math.min(data.size(), from + 1_000))
                            .mapToObj(i -> VectorPoint.builder(id(i))
                                    .vector(data.get(i))
                                    .property("bucket", i % BUCKETS)
                                    .build())
                            .toList());
        }
    }

    private void compare(String name, Vectors vectors, InMemoryEmbeddingStore<TextSegment> peer, boolean filtered) {
        Filter filter = filtered ? Filter.eq(Field.property("bucket"), 7) : Filter.everything();
        double recall = recall(vectors, filter, filtered);
        Rate ours = Rate.perCpuSecond(rounds);
        Rate theirs = Rate.perCpuSecond(rounds);
        // Not counted: until the compilers of the Java machine are done.
        for (int round = 0; round < WARM_UP; round++) {
            ask(vectors, filter);
            askPeer(peer, filtered);
        }
        for (int round = 0; round < rounds; round++) {
            ours.round(QUERIES * REPEATS, () -> ask(vectors, filter));
            theirs.round(PEER_QUERIES, () -> askPeer(peer, filtered));
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %s | %s | %.0f |%n",
                name,
                recall,
                ours,
                theirs,
                ours.median() / theirs.median());
    }

    private void ask(Vectors vectors, Filter filter) {
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (float[] query : queries) {
                vectors.search(VectorQuery.nearest(SPACE, Vector.of(query), K).where(filter));
            }
        }
    }

    private void askPeer(InMemoryEmbeddingStore<TextSegment> peer, boolean filtered) {
        for (int i = 0; i < PEER_QUERIES; i++) {
            EmbeddingSearchRequest.EmbeddingSearchRequestBuilder request = EmbeddingSearchRequest.builder()
                    .queryEmbedding(Embedding.from(queries.get(i)))
                    .maxResults(K);
            if (filtered) {
                request.filter(metadataKey("bucket").isEqualTo(7));
            }
            peer.search(request.build());
        }
    }

    private double recall(Vectors vectors, Filter filter, boolean filtered) {
        int found = 0;
        for (float[] query : queries) {
            Set<UUID> exact = exact(query, filtered);
            found += (int) vectors
                    .search(VectorQuery.nearest(SPACE, Vector.of(query), K).where(filter))
                    .stream()
                    .filter(hit -> exact.contains(hit.point().id()))
                    .count();
        }
        return (double) found / (QUERIES * K);
    }

    private Set<UUID> exact(float[] query, boolean filtered) {
        record Scored(int index, float score) {}
        PriorityQueue<Scored> best = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
        for (int i = 0; i < data.size(); i++) {
            if (!filtered || i % BUCKETS == 7) {
                best.add(new Scored(i, dot(query, data.get(i))));
                if (best.size() > K) {
                    best.poll();
                }
            }
        }
        Set<UUID> ids = new HashSet<>();
        best.forEach(scored -> ids.add(id(scored.index())));
        return ids;
    }

    /** An upsert must be found by the next search, and costs no rebuild. */
    private void readYourWrites(Vectors vectors) {
        ClusteredVectors fresh = new ClusteredVectors(DIMENSIONS, 43);
        int upserts = 500;
        int[] seen = new int[1];
        Rate rate = Rate.perCpuSecond(1);
        rate.round(upserts, () -> {
            for (int i = 0; i < upserts; i++) {
                float[] vector = fresh.next();
                UUID id = new UUID(2, i);
                vectors.put(SPACE, VectorPoint.builder(id).vector(vector).build());
                seen[0] += vectors.search(VectorQuery.nearest(SPACE, Vector.of(vector), 1)).stream()
                                .anyMatch(hit -> hit.point().id().equals(id))
                        ? 1
                        : 0;
            }
        });
        System.out.printf(
                "%n%d of %d upserts seen by the next search, at %s upserts and searches per CPU-second%n",
                seen[0], upserts, rate);
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static UUID id(int i) {
        return new UUID(1, i);
    }
}
