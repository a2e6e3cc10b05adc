package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is killed in the middle of batches, again and again. */
@Tag("slow")
class ServerCrashTest {
    private static final String NAME = "crash";
    private static final NamespaceName N = NamespaceName.of("n");
    private static final int WRITERS = 8;

    /** Applies batches until told to stop, repeats each with its operation id until it is acknowledged; returns how many. */
    private static int write(Backend backend, AtomicBoolean stop) {
        int acknowledged = 0;
        while (!stop.get()) {
            WriteBatch batch = WriteBatch.of(
                    N,
                    List.of(
                            new KeyMutation.Increment("counter", 1),
                            new EventMutation.Append(EventDraft.of("t", PropertyMap.of("n", acknowledged)))));
            while (true) {
                try {
                    backend.apply(batch, Deadline.after(Duration.ofSeconds(5)));
                    acknowledged++;
                    break;
                } catch (ContextTransientException again) {
                    pause(20);
                }
            }
        }
        return acknowledged;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void assertAppliedOnce(Backend backend, int acknowledged) {
        ReadScope scope = new ReadScope(N, Deadline.after(Duration.ofSeconds(60)), CommitToken.NONE);
        String counter =
                backend.keys().get(scope, List.of("counter")).get(0).value().utf8();
        assertThat(counter).isEqualTo(Integer.toString(acknowledged));
        EventReader events = backend.events();
        int count = 0;
        EventPosition after = EventPosition.START;
        for (var page = events.read(scope, EventQuery.after(after, 5_000));
                !page.isEmpty();
                page = events.read(scope, EventQuery.after(after, 5_000))) {
            count += page.size();
            after = page.get(page.size() - 1).position();
        }
        assertThat(count).isEqualTo(acknowledged);
    }

    @Test
    void whatWasAcknowledgedIsThereOnceAndWholeAfterEachKill() throws Exception {
        TestServer server = TestServer.start(NAME);
        assumeTrue(server.kind().equals("local server"), "only a local server can be killed");
        int rounds = Integer.getInteger("contextdb.crash.rounds", 6);
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        Random random = new Random(seed);
        String url = server.url(TestServer.schema("crash"));
        try (Backend backend = TestServer.open(url);
                ExecutorService executor = Executors.newFixedThreadPool(WRITERS)) {
            AtomicBoolean stop = new AtomicBoolean();
            List<Future<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(executor.submit(() -> write(backend, stop)));
            }
            for (int round = 0; round < rounds; round++) {
                // The kill must come at a time that nothing waits for; this sleep is the test's subject, not its
                // timing.
                pause(300 + random.nextInt(700));
                TestServer.process(NAME).destroyForcibly();
                pause(100);
                TestServer.start(NAME);
            }
            stop.set(true);
            int acknowledged = 0;
            for (Future<Integer> writer : writers) {
                acknowledged += writer.get(60, TimeUnit.SECONDS);
            }
            System.out.printf("%d kills, %d batches acknowledged (seed %d)%n", rounds, acknowledged, seed);
            assertThat(acknowledged).isGreaterThan(rounds);
            assertAppliedOnce(backend, acknowledged);
        }
    }
}
