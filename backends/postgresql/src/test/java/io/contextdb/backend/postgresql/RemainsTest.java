package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.Remains;
import io.contextdb.spi.Remains.Kind;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What no reader shows is counted too: past edges, and words of a text whose point is gone. */
class RemainsTest {
    private static final String SCHEMA = TestServer.schema("remains");

    private static Remains left(Namespace namespace, UUID id) {
        return namespace.verifyErasure(List.of(id)).stores().get("postgresql").remains();
    }

    @Test
    void pastEdgesAndWordsWithoutAPointAreCounted() throws Exception {
        try (ContextConnection connection =
                ContextDriverManager.getConnection(TestServer.get().url(SCHEMA))) {
            Namespace namespace = connection.namespace("n");
            UUID one = UuidV7.next();
            UUID other = UuidV7.next();
            for (UUID id : List.of(one, other)) {
                namespace.graph().put(NodeDraft.of(id, NodeContent.builder().build()));
            }
            UUID edge = namespace.graph().connect(one, "to", other);
            namespace.graph().retractEdge(edge, "over");
            namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
            namespace
                    .vectors()
                    .put(
                            "s",
                            VectorPoint.builder(one)
                                    .vector(1, 0)
                                    .text("two words")
                                    .build());

            assertThat(left(namespace, one).counts())
                    .containsEntry(Kind.EDGES, 2L)
                    .containsEntry(Kind.POINTS, 1L)
                    .containsEntry(Kind.WORDS, 0L);
            ServerPair.execute(TestServer.get(), "DELETE FROM " + SCHEMA + ".point");
            assertThat(left(namespace, one).counts())
                    .containsEntry(Kind.POINTS, 0L)
                    .containsEntry(Kind.WORDS, 2L);
            namespace.erase(List.of(one));
            assertThat(left(namespace, one).counts())
                    .containsEntry(Kind.NODES, 0L)
                    .containsEntry(Kind.EDGES, 0L)
                    .containsEntry(Kind.WORDS, 2L);
        }
    }
}
