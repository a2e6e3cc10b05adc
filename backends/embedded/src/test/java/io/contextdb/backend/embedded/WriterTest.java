package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.KeyMutation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the writer, and of those who wait for it, when the JVM or the disk lets it down. */
class WriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void anErrorWithinABatchLeavesNothingOfItAndTheWriterGoesOn() {
        try (Opened opened = Opened.in(directory)) {
            opened.apply(KeyMutation.PutKey.of("before", Bytes.EMPTY));
            ContextException failed = catchThrowableOfType(
                    ContextException.class,
                    () -> opened.store()
                            .write(
                                    (database, commit, time, touched) -> {
                                        database.update("DELETE FROM entry");
                                        throw new OutOfMemoryError("for a test");
                                    },
                                    1,
                                    Opened.soon()));
            assertThat(failed.outcome()).isEqualTo(Outcome.NOT_APPLIED);
            assertThat(failed).hasMessageContaining("OutOfMemoryError");
            opened.apply(KeyMutation.PutKey.of("after", Bytes.EMPTY));
            assertThat(opened.backend().keys().get(opened.scope(), List.of("before", "after")))
                    .hasSize(2);
            assertThat(opened.backend().health(Opened.soon()).status()).isNotEqualTo(Health.Status.DOWN);
        }
    }

    @Test
    void aWriterThatIsEndedSaysSoAtOnceToThoseWhoWaitAndThoseWhoCome() throws Exception {
        try (Opened opened = Opened.in(directory);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CountDownLatch writes = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Future<Object> first = threads.submit(() -> opened.store()
                    .write(
                            (database, commit, time, touched) -> {
                                writes.countDown();
                                await(end);
                                // Nothing is undone any more on a connection that is closed: nobody knows what became
                                // of it.
                                database.close();
                                throw new OutOfMemoryError("for a test");
                            },
                            1,
                            Deadline.after(PATIENCE)));
            writes.await();
            Future<Object> second = threads.submit(() ->
                    opened.store().write((database, commit, time, touched) -> commit, 1, Deadline.after(PATIENCE)));
            while (opened.store().waiting() == 0) {
                Thread.sleep(1);
            }
            long start = System.nanoTime();
            end.countDown();

            assertThat(thrown(first)).hasMessageContaining("OutOfMemoryError");
            assertThat(((ContextException) thrown(second)).outcome()).isEqualTo(Outcome.NOT_APPLIED);
            assertThatThrownBy(() -> opened.apply(KeyMutation.PutKey.of("later", Bytes.EMPTY)))
                    .isInstanceOfSatisfying(
                            ContextUnavailableException.class,
                            told -> assertThat(told.outcome()).isEqualTo(Outcome.NOT_APPLIED))
                    .hasMessageContaining("OutOfMemoryError")
                    .hasMessageContaining("open it again");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.dividedBy(2));
            Health health = opened.backend().health(Opened.soon());
            assertThat(health.status()).isEqualTo(Health.Status.DOWN);
            assertThat(health.details().get("error")).contains("OutOfMemoryError");
        }
        try (Opened again = Opened.in(directory)) {
            again.apply(KeyMutation.PutKey.of("later", Bytes.EMPTY));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    private static Throwable thrown(Future<?> call) throws InterruptedException {
        try {
            return new AssertionError("returned " + call.get());
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    @Test
    void aFullDiskIsToldAndTheStoreGoesOnWhenThereIsRoomAgain() {
        try (Opened opened = Opened.in(directory)) {
            long pages = room(opened, "PRAGMA page_count");
            room(opened, "PRAGMA max_page_count = " + (pages + 4));
            Bytes large = Bytes.of(new byte[100_000]);
            ContextException full = catchThrowableOfType(
                    ContextException.class, () -> opened.apply(KeyMutation.PutKey.of("large", large)));
            assertThat(full).isInstanceOf(ContextUnavailableException.class).hasMessageContaining("the disk is full");
            assertThat(full.outcome()).isEqualTo(Outcome.NOT_APPLIED);
            opened.apply(KeyMutation.PutKey.of("small", Bytes.EMPTY));
            room(opened, "PRAGMA max_page_count = 1000000");
            opened.apply(KeyMutation.PutKey.of("large", large));
            assertThat(opened.backend().keys().get(opened.scope(), List.of("small", "large")))
                    .hasSize(2);
        }
    }

    private static long room(Opened opened, String pragma) {
        return opened.store().write((database, commit, time, touched) -> database.number(pragma), 1, Opened.soon());
    }
}
