package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.CopyReport;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A copy that differs, and that no relay takes along: it cannot be verified, and is mended all the same. */
class UnfollowedCopyTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void verifySaysWhyAndRepairMends() {
        String name = "unfollowed-" + Long.toString(System.nanoTime(), 36);
        String url = "contextdb:scaled:?graph=memory:" + name + "-graph&vectors=memory:" + name + "-copy";
        try (Backend copy = new MemoryBackendProvider()
                        .open(new BackendConfig("memory", name + "-copy", Map.of(), List.of()));
                ContextConnection connection =
                        ContextDriverManager.getConnection(url + "&relay=false").withTimeout(Duration.ofSeconds(2))) {
            try (ContextConnection relaying =
                    ContextDriverManager.getConnection(url).withTimeout(LIMIT)) {
                Points.in(relaying).createSpace(Points.SPACE);
                Points.in(relaying).put(Points.SPACE.name(), Points.point(1));
                Lag.awaitNone(relaying, LIMIT);
            }
            delete(copy.projection().orElseThrow());

            assertThatThrownBy(connection::verify)
                    .isInstanceOf(ContextTimeoutException.class)
                    .hasMessageContainingAll("copy of the vectors", "no relay works");
            assertThat(connection.repair().copies()).isEqualTo(Map.of("vectors", new CopyReport(0, 1, 0)));
            assertThat(connection.verify().copies()).isEqualTo(Map.of("vectors", new CopyReport(0, 0, 0)));
        }
    }

    private static void delete(Projection copy) {
        Deadline deadline = Deadline.after(LIMIT);
        long id = copy.spaces(deadline).iterator().next();
        SpaceRef space = new SpaceRef(id, NamespaceName.of(Points.NAMESPACE), Points.SPACE);
        PointVersion there =
                copy.versions(space, PageRequest.first(), deadline).items().get(0);
        copy.apply(space, List.of(PointState.deleted(there.point(), there.version())), deadline);
    }
}
