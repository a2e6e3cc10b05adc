package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Vectors;
import io.contextdb.spi.Backend;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the server: what other programs may read, and later versions must. */
class LayoutTest {
    private static final UUID ID = UUID.fromString("018f3a3e-0000-7000-8000-000000000001");
    private static OwnServer server;
    private static Raw raw;

    @BeforeAll
    static void start() {
        server = new OwnServer();
        raw = new Raw(server);
    }

    @AfterAll
    static void stop() {
        raw.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        raw.collections().forEach(raw::drop);
    }

    private static ContextConnection connect() {
        return ContextDriverManager.getConnection(server.url(""));
    }

    @Test
    void spacesOfOneLengthAndMetricShareACollection() {
        try (ContextConnection connection = connect()) {
            for (String namespace : List.of("a", "b", "c")) {
                Vectors vectors = connection.namespace(namespace).vectors();
                vectors.createSpace(VectorSpace.cosine("one", 3));
                vectors.createSpace(VectorSpace.cosine("two", 3));
                vectors.createSpace(new VectorSpace("dot", 3, Metric.DOT, "m"));
                vectors.createSpace(VectorSpace.cosine("texts", 0));
            }
        }
        assertThat(raw.collections())
                .containsExactly(
                        "contextdb_points_1_cosine",
                        "contextdb_points_3_cosine",
                        "contextdb_points_3_dot",
                        "contextdb_spaces");
    }

    @Test
    void aPointStandsWithWhatItIsFoundBy() {
        try (ContextConnection connection = connect()) {
            Vectors vectors = connection.namespace("a").vectors();
            vectors.createSpace(VectorSpace.cosine("s", 2));
            vectors.put(
                    "s",
                    VectorPoint.builder(ID)
                            .vector(3, 4)
                            .text("words")
                            .labels(List.of("x"))
                            .source("src")
                            .subject("sub")
                            .property("city", "Oslo")
                            .property("n", 1.0)
                            .validity(Interval.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)))
                            .build());
        }
        RetrievedPoint stored = raw.points("contextdb_points_2_cosine").get(0);
        Map<String, Value> payload = stored.getPayloadMap();
        assertThat(payload.keySet())
                .containsExactlyInAnyOrder(
                        "space",
                        "id",
                        "order",
                        "text",
                        "labels",
                        "source",
                        "subject",
                        "from",
                        "to",
                        "properties",
                        "terms",
                        "numbers");
        assertThat(payload.get("id").getStringValue()).isEqualTo(ID.toString());
        assertThat(payload.get("order").getIntegerValue()).isEqualTo(0x018f3a3e00007000L >>> 11);
        assertThat(payload.get("to").getIntegerValue()).isEqualTo(1_000_000);
        assertThat(payload.get("properties").getStringValue()).isEqualTo("{\"city\":\"Oslo\",\"n\":1.0}");
        assertThat(Values.texts(payload, "terms"))
                .containsExactlyInAnyOrder(
                        "[[\"labels\"]\"x\"",
                        "=[\"source\"]\"src\"",
                        "=[\"subject\"]\"sub\"",
                        "?[\"property\",\"city\"]",
                        "=[\"property\",\"city\"]\"Oslo\"",
                        "?[\"property\",\"n\"]",
                        "=[\"property\",\"n\"]1");
        assertThat(stored.getVectors()
                        .getVectors()
                        .getVectorsMap()
                        .get("v")
                        .getDense()
                        .getDataList())
                .containsExactly(0.6f, 0.8f);
        assertThat(stored.getVectors()
                        .getVectors()
                        .getVectorsMap()
                        .get("w")
                        .getDense()
                        .getDataList())
                .containsExactly(3f, 4f);
    }

    @Test
    void aCopyHasNoContentAndADeletionOnlyItsMark() {
        SpaceRef space = new SpaceRef(42, NamespaceName.of("n"), VectorSpace.cosine("s", 2));
        try (Backend backend = server.open()) {
            backend.projection()
                    .orElseThrow()
                    .apply(
                            space,
                            List.of(
                                    PointState.of(
                                            VectorPoint.builder(ID)
                                                    .vector(3, 4)
                                                    .text("a secret text")
                                                    .property("city", "Oslo")
                                                    .build(),
                                            7),
                                    PointState.deleted(new UUID(0, 1), 8)),
                            Deadline.after(Duration.ofSeconds(20)));
        }
        List<RetrievedPoint> copies = raw.points("contextdb_p_2_cosine");
        assertThat(copies).hasSize(2);
        for (RetrievedPoint copy : copies) {
            Map<String, Value> payload = copy.getPayloadMap();
            assertThat(payload.get("space").getStringValue()).isEqualTo("42");
            assertThat(copy.toString()).doesNotContain("secret");
            if (payload.containsKey("deleted")) {
                assertThat(payload.keySet()).containsExactlyInAnyOrder("space", "id", "order", "version", "deleted");
                assertThat(copy.getVectors().getVectors().getVectorsMap()).isEmpty();
            } else {
                assertThat(payload.keySet())
                        .containsExactlyInAnyOrder("space", "id", "order", "version", "from", "terms");
                assertThat(payload.get("version").getIntegerValue()).isEqualTo(7);
            }
        }
    }

    @Test
    void nothingOfADroppedSpaceStays() {
        try (ContextConnection connection = connect()) {
            Vectors vectors = connection.namespace("a").vectors();
            vectors.createSpace(VectorSpace.cosine("s", 2));
            vectors.put(
                    "s", VectorPoint.builder(ID).vector(3, 4).text("a secret").build());
            vectors.dropSpace("s");
            assertThat(raw.points("contextdb_points_2_cosine")).isEmpty();
            connection.namespace("a").drop();
        }
        assertThat(raw.points("contextdb_spaces")).isEmpty();
    }

    @Test
    void aSpaceThatAnotherProcessDropsIsGoneOnceThatIsAcknowledged() {
        try (ContextConnection one = connect();
                ContextConnection other = connect()) {
            for (int round = 0; round < 5; round++) {
                Vectors vectors = one.namespace("a").vectors();
                vectors.createSpace(VectorSpace.cosine("s", 2));
                vectors.put("s", VectorPoint.builder(ID).vector(3, 4).build());
                assertThat(other.namespace("a").vectors().count("s", Filter.everything()))
                        .isEqualTo(1);
                vectors.dropSpace("s");
                vectors.createSpace(VectorSpace.cosine("s", 2));

                // The other connection knew the old space; it must neither read from it nor write to it.
                assertThat(other.namespace("a").vectors().get("s", ID)).isEmpty();
                other.namespace("a")
                        .vectors()
                        .put("s", VectorPoint.builder(ID).vector(1, 0).build());
                assertThat(vectors.count("s", Filter.everything())).isEqualTo(1);
                vectors.dropSpace("s");
            }
        }
    }

    @Test
    void answersThatAreTooGreatAreReadInParts() {
        String url = server.url("maxMessageBytes=4194304");
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            Vectors vectors = connection.namespace("a").vectors();
            vectors.createSpace(VectorSpace.cosine("s", 2));
            String text = "x".repeat(900_000);
            for (int i = 0; i < 8; i++) {
                vectors.put(
                        "s",
                        VectorPoint.builder(new UUID(7, i))
                                .vector(1, i)
                                .text(text)
                                .property("i", i)
                                .build());
            }
            assertThat(vectors.search(VectorQuery.nearest("s", Vector.of(1, 0), 8)))
                    .hasSize(8)
                    .allSatisfy(hit -> assertThat(hit.point().text()).hasSize(900_000));
            assertThat(vectors.search(List.of(
                            VectorQuery.nearest("s", Vector.of(1, 0), 8),
                            VectorQuery.nearest("s", Vector.of(0, 1), 8))))
                    .allSatisfy(hits -> assertThat(hits).hasSize(8));
            assertThat(vectors.scroll("s", Filter.everything())
                            .map(point -> point.id().getLeastSignificantBits()))
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            assertThat(vectors.get(
                            "s",
                            List.of(new UUID(7, 3), new UUID(7, 1), new UUID(7, 2), new UUID(7, 6), new UUID(7, 5))))
                    .extracting(point -> point.id().getLeastSignificantBits())
                    .containsExactly(3L, 1L, 2L, 6L, 5L);
            assertThat(vectors.count("s", Filter.startsWith(Field.property("i"), "x")))
                    .isZero();
        }
    }
}
