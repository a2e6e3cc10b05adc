package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever of the copies is lost loses the watermark too (contract S4). */
class WatermarkLossTest {
    private static final Watermark FIRST = mark(1);
    private static final Watermark SECOND = mark(2);
    private static OwnServer server;

    private Raw raw;
    private Backend backend;
    private Projection projection;

    private static Watermark mark(long commit) {
        return new Watermark("source", 0, new JournalPosition(commit, commit), Instant.EPOCH);
    }

    @BeforeAll
    static void start() {
        server = new OwnServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        raw = new Raw(server);
        raw.collections().forEach(raw::drop);
        backend = server.open();
        projection = backend.projection().orElseThrow();
    }

    @AfterEach
    void close() {
        backend.close();
        raw.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private void put(long space, int dimensions) {
        projection.apply(
                new SpaceRef(space, NamespaceName.of("n"), VectorSpace.cosine("s", dimensions)),
                List.of(PointState.of(
                        VectorPoint.builder(UUID.randomUUID())
                                .vector(ones(dimensions))
                                .build(),
                        1)),
                soon());
    }

    private static float[] ones(int dimensions) {
        float[] values = new float[dimensions];
        Arrays.fill(values, 1);
        return values;
    }

    private void advance(Watermark to) {
        Watermark from = projection.watermark(soon()).orElse(null);
        assertThat(projection.advance(from, to, soon())).isTrue();
    }

    @Test
    void anEmptyStoreHasNoneAndKeepsOneWithoutCopies() {
        assertThat(projection.watermark(soon())).isEmpty();
        advance(FIRST);
        assertThat(projection.watermark(soon())).contains(FIRST);
    }

    @Test
    void copiesThatWereWrittenBeforeTheFirstAreCovered() {
        put(1, 2);
        assertThat(projection.watermark(soon())).isEmpty();
        advance(FIRST);
        assertThat(projection.watermark(soon())).contains(FIRST);
    }

    @Test
    void aCollectionThatIsGoneTakesItAlong() {
        put(1, 2);
        put(2, 3);
        advance(FIRST);
        raw.drop("contextdb_p_3_cosine");

        assertThat(projection.watermark(soon())).isEmpty();
        try (Backend other = server.open()) {
            assertThat(other.projection().orElseThrow().watermark(soon())).isEmpty();
        }
    }

    @Test
    void aCollectionThatWasCreatedAfterItIsMissedToo() {
        put(1, 2);
        advance(FIRST);
        put(2, 3);
        advance(SECOND);
        assertThat(projection.watermark(soon())).contains(SECOND);
        raw.drop("contextdb_p_3_cosine");

        assertThat(projection.watermark(soon())).isEmpty();
    }

    @Test
    void aCollectionThatCameBackEmptyDoesNotHideItsLoss() {
        put(1, 2);
        put(2, 3);
        advance(FIRST);
        raw.drop("contextdb_p_3_cosine");
        try (Backend other = server.open()) {
            projection = other.projection().orElseThrow();
            put(3, 3);

            assertThat(projection.watermark(soon())).isEmpty();
        }
    }

    @Test
    void aLossIsNotCoveredByTheNextWatermark() {
        put(1, 2);
        advance(FIRST);
        raw.collections().forEach(raw::drop);

        assertThat(projection.advance(FIRST, SECOND, soon())).isFalse();
        assertThat(projection.watermark(soon())).isEmpty();
        advance(SECOND);
        assertThat(projection.watermark(soon())).contains(SECOND);
    }

    @Test
    void copiesGoOnAfterTheirCollectionIsGone() {
        put(1, 2);
        raw.drop("contextdb_p_2_cosine");
        assertThatThrownBy(() -> put(1, 2)).isInstanceOf(ContextUnavailableException.class);
        put(1, 2);

        assertThat(projection.spaces(soon())).containsExactly(1L);
    }
}
