package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Backend;
import io.contextdb.spi.value.Deadline;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.CollectionsGrpc;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A process that ended between creating a collection of copies and its indexes leaves nothing that keeps the next from filling it. */
class UnfinishedCollectionTest {
    @Test
    void spacesAreListedWhereIndexesWereNotCreatedYet() {
        try (OwnServer server = new OwnServer();
                Raw raw = new Raw(server);
                Backend backend = server.open()) {
            CollectionsGrpc.newBlockingStub(raw.channel())
                    .create(CreateCollection.newBuilder()
                            .setCollectionName("contextdb_p_2_cosine")
                            .setVectorsConfig(VectorsConfig.newBuilder()
                                    .setParamsMap(VectorParamsMap.newBuilder()
                                            .putMap(
                                                    KnownCollections.SEARCHED,
                                                    VectorParams.newBuilder()
                                                            .setSize(2)
                                                            .setDistance(Distance.Cosine)
                                                            .build())))
                            .build());

            assertThat(backend.projection().orElseThrow().spaces(Deadline.after(Duration.ofSeconds(20))))
                    .isEmpty();
        }
    }
}
