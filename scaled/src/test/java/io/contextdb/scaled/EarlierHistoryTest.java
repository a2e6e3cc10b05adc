package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The copy has followed a history that the source has lost, further than the source has come since. */
class EarlierHistoryTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void aWriteIsNotAppliedByWhatWasReachedThen() {
        String name = "earlier-" + Long.toString(System.nanoTime(), 36);
        String url = "contextdb:scaled:?graph=memory:" + name + "-graph&vectors=memory:" + name + "-copy";
        MemoryBackendProvider memory = new MemoryBackendProvider();
        try (Backend copy = memory.open(new BackendConfig("memory", name + "-copy", Map.of(), List.of()));
                ContextConnection connection = ContextDriverManager.getConnection(url + "&relay=false&ack=applied")) {
            try (ContextConnection relaying =
                    ContextDriverManager.getConnection(url).withTimeout(LIMIT)) {
                Points.in(relaying).createSpace(Points.SPACE);
                Lag.awaitNone(relaying, LIMIT);
            }
            moveToAnotherHistory(copy.projection().orElseThrow());
            ContextConnection impatient = connection.withTimeout(Duration.ofSeconds(2));
            assertThatThrownBy(() -> Points.in(impatient).put(Points.SPACE.name(), Points.point(1)))
                    .isInstanceOfSatisfying(
                            ContextUnavailableException.class,
                            failed -> assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN));
        }
    }

    private static void moveToAnotherHistory(Projection copy) {
        Watermark mark = copy.watermark(Deadline.after(LIMIT)).orElseThrow();
        JournalPosition far = new JournalPosition(Long.MAX_VALUE, 0);
        Watermark other = new Watermark(mark.source() + " before", mark.epoch(), far, mark.at());
        assertThat(copy.advance(mark, other, Deadline.after(LIMIT))).isTrue();
    }
}
