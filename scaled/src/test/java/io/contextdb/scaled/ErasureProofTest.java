package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.ErasureReport;
import io.contextdb.Namespace;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.Remains;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.KeyMutation.PutKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proof of an erasure: a store is done only once it was asked, has all that was committed, and has nothing left. */
class ErasureProofTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final UUID NODE = new UUID(0, 1);

    private final MemoryBackendProvider memory = new MemoryBackendProvider();
    private final String name = "erasure-" + Long.toString(System.nanoTime(), 36);
    private TroubledStore trouble;

    @BeforeEach
    void register() {
        trouble = TroubledStore.over(memory);
    }

    @AfterEach
    void deregister() {
        trouble.close();
    }

    private ContextConnection connect(String options) {
        return ContextDriverManager.getConnection("contextdb:scaled:?graph=troubled:" + name
                        + "-graph&vectors=troubled:" + name + "-copy" + options)
                .withTimeout(LIMIT);
    }

    private ContextConnection connect() {
        return connect("&keys=memory:" + name + "-home&events=memory:" + name + "-home");
    }

    private static Namespace in(ContextConnection connection) {
        return connection.namespace(Points.NAMESPACE);
    }

    /** A node with a point, and another point, about it. */
    private static void fill(Namespace namespace) {
        namespace.vectors().createSpace(Points.SPACE);
        namespace
                .batch()
                .put(NodeDraft.of(NODE, NodeContent.builder().label("person").build()))
                .put(Points.SPACE.name(), Points.point(1))
                .put(
                        Points.SPACE.name(),
                        VectorPoint.builder(Points.id(2))
                                .vector(Points.vector(2))
                                .subject(NODE.toString())
                                .build())
                .put(Points.SPACE.name(), Points.point(3))
                .apply();
    }

    private static ErasureReport verify(Namespace namespace) {
        return namespace.verifyErasure(List.of(NODE));
    }

    private static ErasureReport.Finding copy(Namespace namespace) {
        return verify(namespace).stores().get("vectors");
    }

    @Test
    void everyStoreIsDoneOnceNothingIsLeft() {
        try (ContextConnection connection = connect()) {
            Namespace namespace = in(connection);
            fill(namespace);

            ErasureReport before = verify(namespace);
            assertThat(before.isDone()).isFalse();
            assertThat(before.stores().get("graph").remains().counts())
                    .containsEntry(Remains.Kind.NODES, 1L)
                    .containsEntry(Remains.Kind.POINTS, 2L);
            assertThat(before.stores().get("vectors").pending())
                    .containsExactly("the graph's store still has points of them, which it copies: 2");

            namespace.erase(List.of(NODE));
            Eventually.become("it is proven", LIMIT, () -> verify(namespace).isDone());
            ErasureReport after = verify(namespace);
            assertThat(after.stores()).containsOnlyKeys("graph", "vectors", "keys");
            assertThat(after.stores().get("vectors").remains().counts()).isEqualTo(Map.of(Remains.Kind.POINTS, 0L));
            assertThat(after.stores().get("keys").remains().counts()).containsEntry(Remains.Kind.KEYS, 0L);
        }
    }

    @Test
    void aStoreThatDoesNotAnswerHasProvenNothing() {
        try (ContextConnection connection = connect()) {
            Namespace namespace = in(connection);
            fill(namespace);
            namespace.erase(List.of(NODE));
            Eventually.become("it is proven", LIMIT, () -> verify(namespace).isDone());

            trouble.fail("versions");
            assertThat(copy(namespace).pending())
                    .singleElement()
                    .asString()
                    .contains("could not be asked", "in trouble");
            assertThat(verify(namespace).stores().get("graph").isDone()).isTrue();
            trouble.recover();
            trouble.fail("remains");
            assertThat(verify(namespace).stores().get("graph").pending())
                    .singleElement()
                    .asString()
                    .contains("could not be asked");
            assertThat(copy(namespace).pending())
                    .singleElement()
                    .asString()
                    .contains("the graph's store", "could not be asked");
            trouble.recover();
            assertThat(verify(namespace).isDone()).isTrue();
        }
    }

    @Test
    void aCopyThatNobodyTakesAlongIsPending() {
        try (ContextConnection connection = connect("&relay=false")) {
            fill(in(connection));
            try (ContextConnection relaying = connect("")) {
                Lag.awaitNone(relaying, LIMIT);
            }
            in(connection).erase(List.of(NODE));

            assertThat(verify(in(connection)).stores().get("graph").isDone()).isTrue();
            assertThat(copy(in(connection)).pending())
                    .singleElement()
                    .asString()
                    .contains("batches behind");
            AtomicReference<Deadline> given = new AtomicReference<>();
            Thread asking = Thread.currentThread();
            trouble.failWhere((call, arguments) -> {
                if (call.equals("backlog") && Thread.currentThread() == asking) {
                    given.set((Deadline) arguments[1]);
                }
                return false;
            });
            Duration timeout = Duration.ofSeconds(1);
            copy(in(connection.withTimeout(timeout)));
            Deadline latest = Deadline.after(timeout);
            assertThat(given.get().earlier(latest))
                    .as("the deadline for how far it is behind, or one of a call that begins now")
                    .isSameAs(given.get());
            trouble.recover();
            try (ContextConnection relaying = connect("")) {
                Eventually.become(
                        "it is proven", LIMIT, () -> verify(in(relaying)).isDone());
            }
        }
    }

    /** What came back although the copy had all, as from a driver that was paused for long, is not overlooked. */
    @Test
    void whatTheCopyHasAndTheSourceHasNotIsPending() {
        try (ContextConnection connection = connect("");
                Backend copy = memory.open(new BackendConfig("memory", name + "-copy", Map.of(), List.of()))) {
            Namespace namespace = in(connection);
            fill(namespace);
            namespace.erase(List.of(NODE));
            Eventually.become("it is proven", LIMIT, () -> verify(namespace).isDone());
            Projection projection = copy.projection().orElseThrow();
            long id = projection.spaces(Deadline.after(LIMIT)).iterator().next();
            SpaceRef space = new SpaceRef(id, NamespaceName.of(Points.NAMESPACE), Points.SPACE);
            projection.apply(
                    space,
                    List.of(PointState.of(Points.point(2), Projection.EPOCH_VERSIONS - 1)),
                    Deadline.after(LIMIT));

            ErasureReport.Finding found = copy(namespace);
            assertThat(found.remains().counts()).isEqualTo(Map.of(Remains.Kind.POINTS, 1L));
            assertThat(found.pending()).singleElement().asString().contains("has no more", "repair");

            connection.repair();
            assertThat(verify(namespace).isDone()).isTrue();
            namespace.vectors().dropSpace(Points.SPACE.name());
            assertThat(copy(namespace).isDone()).isTrue();
            assertThat(projection.spaces(Deadline.after(LIMIT)))
                    .as("dropped spaces")
                    .isEmpty();
        }
    }

    @Test
    void notesOfTheJournalThatTellOfItArePending() {
        try (ContextConnection connection = connect()) {
            Namespace namespace = in(connection);
            fill(namespace);
            namespace
                    .batch()
                    .put(NodeDraft.of(NodeContent.builder().build()))
                    .add(PutKey.of("k", Bytes.utf8("secret")).about(NODE.toString()))
                    .append(EventDraft.of("t", PropertyMap.of("secret", true)))
                    .apply();
            namespace.erase(List.of(NODE));

            Eventually.become("the copy is done", LIMIT, () -> copy(namespace).isDone());
            ErasureReport report = verify(namespace);
            assertThat(report.isDone()).isFalse();
            assertThat(report.stores().get("keys").isDone()).isTrue();
            assertThat(report.stores().get("graph").pending())
                    .singleElement()
                    .asString()
                    .contains("notes of its journal", "about them: 1");
            assertThat(namespace.verifyErasure(List.of(new UUID(0, 4))).isDone())
                    .as("no note tells of another")
                    .isTrue();
        }
    }
}
