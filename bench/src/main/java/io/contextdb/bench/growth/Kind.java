package io.contextdb.bench.growth;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.ClusteredVectors;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.EventMutation;
import java.util.UUID;
import java.util.stream.IntStream;

/** A kind of thing that is weighed. The raw bytes are what it cannot do without: ids, texts, numbers. */
enum Kind {
    NODE(16 + 5 + 40) {
        @Override
        void put(Batch batch, int number, ClusteredVectors vectors) {
            batch.put(NodeDraft.of(
                    new UUID(5, number),
                    NodeContent.builder()
                            .label("bench")
                            .property("text", String.format("forty bytes of text about node %09d", number))
                            .build()));
        }
    },
    EDGE(16 + 32 + 5 + 8) {
        @Override
        void prepare(Namespace namespace) {
            namespace
                    .graph()
                    .put(NodeDraft.of(END, NodeContent.builder().label("end").build()));
            super.prepare(namespace);
        }

        @Override
        void put(Batch batch, int number, ClusteredVectors vectors) {
            batch.put(EdgeDraft.of(new UUID(6, number), EdgeContent.of(END, "knows", END)));
        }
    },
    VECTOR(16 + 4 * 384) {
        @Override
        void put(Batch batch, int number, ClusteredVectors vectors) {
            batch.put(
                    SPACE,
                    VectorPoint.builder(new UUID(7, number))
                            .vector(vectors.next())
                            .build());
        }

        @Override
        void clear(Namespace namespace, int count) {
            namespace.vectors().deleteWhere(SPACE, Filter.everything());
        }
    },
    KEY(12 + 100) {
        @Override
        void put(Batch batch, int number, ClusteredVectors vectors) {
            batch.put(String.format("key%09d", number), VALUE);
        }

        @Override
        void clear(Namespace namespace, int count) {
            for (int from = 0; from < count; from += AT_ONCE) {
                namespace
                        .keys()
                        .deleteAll(IntStream.range(from, from + AT_ONCE)
                                .mapToObj(number -> String.format("key%09d", number))
                                .toList());
            }
        }
    },
    EVENT(5 + 8 + 60) {
        @Override
        void put(Batch batch, int number, ClusteredVectors vectors) {
            batch.append(EventDraft.of(
                    "bench", PropertyMap.of("text", String.format("sixty bytes with the quotes, about %09d", number))));
        }

        @Override
        void clear(Namespace namespace, int count) {
            namespace.events().trim(EventMutation.Trim.keepNewest(0));
        }
    };

    static final String SPACE = "default";
    static final int DIMENSIONS = 384;
    private static final Bytes VALUE = Bytes.of(new byte[100]);
    private static final int AT_ONCE = 1_000;
    private static final UUID END = new UUID(5, Integer.MAX_VALUE);

    private final int rawBytes;

    Kind(int rawBytes) {
        this.rawBytes = rawBytes;
    }

    int rawBytes() {
        return rawBytes;
    }

    /** Writes the first of its kind. */
    void prepare(Namespace namespace) {
        batch(namespace, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, new ClusteredVectors(DIMENSIONS, BenchmarkRun.SEED));
    }

    /** Adds one to a batch. */
    abstract void put(Batch batch, int number, ClusteredVectors vectors);

    /** Writes so many. */
    void write(Namespace namespace, int count) {
        ClusteredVectors vectors = new ClusteredVectors(DIMENSIONS, BenchmarkRun.SEED);
        for (int from = 0; from < count; from += AT_ONCE) {
            batch(namespace, from, from + AT_ONCE, vectors);
        }
    }

    private void batch(Namespace namespace, int from, int to, ClusteredVectors vectors) {
        Batch batch = namespace.batch();
        IntStream.range(from, to).forEach(number -> put(batch, number, vectors));
        batch.apply();
    }

    /** Deletes what was written, where that leaves nothing behind by contract. */
    void clear(Namespace namespace, int count) {
        throw new UnsupportedOperationException(this + " leaves its history");
    }
}
