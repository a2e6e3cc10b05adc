package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Backend;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fence of copies, with servers that keep conditions and with those that do not (contract S1, S2). */
class FenceTest {
    private static final SpaceRef SPACE = new SpaceRef(1, NamespaceName.of("n"), VectorSpace.cosine("s", 2));

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static PointState state(UUID id, long version) {
        return PointState.of(VectorPoint.builder(id).vector(1, version).build(), version);
    }

    @ParameterizedTest
    @CsvSource({"1.19.0, by the server", "1.18.2, versions are read before", "2.0.0-dev, by the server"})
    void olderStatesAreRefusedAndMarksGoByVersion(String version, String fence) {
        try (OwnServer server = new OwnServer("--version", version);
                Backend backend = server.open()) {
            assertThat(backend.info().details()).containsEntry("fence", fence);
            Projection projection = backend.projection().orElseThrow();
            UUID id = new UUID(1, 1);
            UUID gone = new UUID(1, 2);
            projection.apply(SPACE, List.of(state(id, 5), state(gone, 5)), soon());
            projection.apply(SPACE, List.of(state(id, 4), PointState.deleted(gone, 6), state(gone, 3)), soon());
            projection.apply(SPACE, List.of(state(id, 7), state(gone, 5), state(id, 6)), soon());
            assertThat(projection.versions(SPACE, PageRequest.first(), soon()).items())
                    .containsExactly(new PointVersion(id, 7, false), new PointVersion(gone, 6, true));

            projection.purge(SPACE, List.of(new PointVersion(gone, 5, true), new PointVersion(id, 7, true)), soon());
            assertThat(projection.versions(SPACE, PageRequest.first(), soon()).items())
                    .hasSize(2);
            projection.purge(SPACE, List.of(new PointVersion(gone, 6, true)), soon());
            assertThat(projection.versions(SPACE, PageRequest.first(), soon()).items())
                    .containsExactly(new PointVersion(id, 7, false));
        }
    }
}
