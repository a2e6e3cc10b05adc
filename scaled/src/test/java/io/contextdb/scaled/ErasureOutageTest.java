package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.ErasureReport;
import io.contextdb.Namespace;
import io.contextdb.spi.Remains;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.PropertyMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An erasure while the copy of the vectors is away is proven only once the copy was asked again. */
@Tag("slow")
class ErasureOutageTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration CALL = Duration.ofSeconds(10);

    @Test
    void itIsPendingUntilTheCopyIsBack() {
        try (OwnServer qdrant = OwnServer.qdrant();
                ContextConnection connection = ContextDriverManager.getConnection(Servers.url(
                                "erasure",
                                Servers.postgresql().url(),
                                Servers.redis().url(),
                                qdrant.url()))
                        .withTimeout(LIMIT)) {
            Namespace namespace = connection.namespace(Points.NAMESPACE);
            UUID node = Points.id(1);
            namespace.vectors().createSpace(Points.SPACE);
            namespace
                    .batch()
                    .put(NodeDraft.of(node, NodeContent.builder().build()))
                    .put(Points.SPACE.name(), Points.point(1))
                    .apply();
            namespace
                    .events()
                    .append(EventDraft.of("t", PropertyMap.of("secret", true)).about(node.toString()));
            Lag.awaitNone(connection, LIMIT);
            Namespace impatient = connection.withTimeout(CALL).namespace(Points.NAMESPACE);
            assertThat(verify(impatient, node).stores().get("keys").remains().counts())
                    .containsEntry(Remains.Kind.EVENTS, 1L);

            qdrant.kill();
            namespace.erase(List.of(node));
            ErasureReport away = verify(impatient, node);
            assertThat(away.isDone()).isFalse();
            assertThat(away.stores().get("graph").isDone()).isTrue();
            assertThat(away.stores().get("keys").isDone()).isTrue();
            assertThat(away.stores().get("vectors").pending())
                    .singleElement()
                    .asString()
                    .contains("could not be asked");

            qdrant.start();
            Eventually.become(
                    "it is proven", LIMIT, () -> verify(impatient, node).isDone());
            assertThat(verify(impatient, node).stores().get("vectors").remains().counts())
                    .isEqualTo(Map.of(Remains.Kind.POINTS, 0L));
        }
    }

    private static ErasureReport verify(Namespace namespace, UUID node) {
        return namespace.verifyErasure(List.of(node));
    }
}
