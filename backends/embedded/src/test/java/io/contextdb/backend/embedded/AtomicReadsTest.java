package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that change two things at once, and readers that must never see one without the other (contract G5). */
class AtomicReadsTest {
    private static final int WRITES = 400;

    @TempDir
    Path directory;

    private final AtomicBoolean done = new AtomicBoolean();

    private interface Look {
        void once(Opened opened);
    }

    private void whileWriting(Opened opened, Runnable writes, Look look) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(() -> {
                    while (!done.get()) {
                        look.once(opened);
                    }
                }));
            }
            try {
                writes.run();
            } finally {
                done.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
    }

    private static Mutation node(UUID id, int n) {
        return new GraphMutation.PutNode(
                NodeDraft.of(id, NodeContent.builder().property("n", n).build()),
                Condition.none(),
                GraphMutation.Fingerprints.SHARED);
    }

    @Test
    void nodesAndWalks() throws Exception {
        UUID a = UuidV7.next();
        UUID b = UuidV7.next();
        UUID edge = UuidV7.next();
        try (Opened opened = Opened.in(directory)) {
            opened.apply(node(a, 0), node(b, 0), edge(edge, a, b, 0));
            whileWriting(
                    opened,
                    () -> {
                        for (int i = 1; i <= WRITES; i++) {
                            opened.apply(node(a, i), node(b, i), edge(edge, a, b, i));
                        }
                    },
                    reader -> {
                        List<Node> nodes = reader.backend().graph().get(reader.scope(), List.of(a, b));
                        assertThat(nodes.get(0).properties())
                                .isEqualTo(nodes.get(1).properties());
                        List<WalkStep> walk = reader.backend()
                                .graph()
                                .walk(reader.scope(), WalkQuery.from(a).build());
                        assertThat(walk).hasSize(2);
                        Edge by = walk.get(1).reachedBy().orElseThrow();
                        assertThat(by.content().properties())
                                .isEqualTo(walk.get(0).node().properties())
                                .isEqualTo(walk.get(1).node().properties());
                    });
            assertThat(opened.backend()
                            .graph()
                            .edges(opened.scope(), EdgeQuery.of(Direction.BOTH, b))
                            .items())
                    .singleElement()
                    .satisfies(last -> assertThat(last.version()).isEqualTo(WRITES + 1));
        }
    }

    private static Mutation edge(UUID id, UUID from, UUID to, int n) {
        EdgeContent content = EdgeContent.of(from, "next", to);
        return new GraphMutation.PutEdge(
                EdgeDraft.of(id, content.withProperties(content.properties().with("n", n))), Condition.none());
    }

    @Test
    void aPointThatReplacesAnother() throws Exception {
        try (Opened opened = Opened.in(directory)) {
            opened.apply(
                    new VectorMutation.CreateSpace(VectorSpace.cosine("default", 2)),
                    new VectorMutation.PutPoint("default", point(0)));
            whileWriting(
                    opened,
                    () -> {
                        for (int i = 1; i <= WRITES; i++) {
                            opened.apply(
                                    new VectorMutation.DeletePoint("default", new UUID(7, i - 1)),
                                    new VectorMutation.PutPoint("default", point(i)));
                        }
                    },
                    reader -> {
                        List<Hit> hits = reader.backend()
                                .vectors()
                                .search(reader.scope(), List.of(VectorQuery.nearest("default", Vector.of(1, 1), 5)))
                                .get(0);
                        assertThat(hits).hasSize(1);
                    });
        }
    }

    private static VectorPoint point(int n) {
        return VectorPoint.builder(new UUID(7, n)).vector(1, n + 1).build();
    }
}
