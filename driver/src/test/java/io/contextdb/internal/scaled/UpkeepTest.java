package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Backend;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is done now and then, of a source and a copy without homes. */
class UpkeepTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final SimScheduler scheduler = new SimScheduler(0);
    private final SimSource source = new SimSource(scheduler, List.of(NamespaceName.of("a")));
    private final SystemKeys keys = new SystemKeys(source);
    private final List<JournalPosition> forgotten = Collections.synchronizedList(new ArrayList<>());

    private Journal journal() {
        return Tampered.with(Journal.class, source, call -> {
            if (!call.is("forgetNotes")) {
                return call.proceed();
            }
            forgotten.add(call.argument(0));
            return null;
        });
    }

    /** Marks the journal, has all done once, and returns where the mark is. */
    private JournalPosition markAndKeepUp() throws InterruptedException {
        JournalPosition[] mark = new JournalPosition[1];
        source.serve();
        scheduler.run("mark", () -> mark[0] = JournalMark.now(source, Deadline.after(LONG)));
        scheduler.end();
        source.seenAs(journal());
        CountDownLatch counts = new CountDownLatch(2);
        Projection copy = Tampered.with(Projection.class, new SimCopy(scheduler), call -> {
            if (call.is("watermark")) {
                counts.countDown();
            }
            return call.proceed();
        });
        Backend vectors = Tampered.with(
                Backend.class, source, call -> call.is("projection") ? Optional.of(copy) : call.proceed());
        Stores stores = new Stores(source, null, null, vectors);
        try (Upkeep upkeep = new Upkeep(stores, new Epochs(source, keys), new Lives(keys), null, scheduler)) {
            upkeep.start();
            // All that is due at first has been done once it counts again.
            assertThat(counts.await(60, TimeUnit.SECONDS)).isTrue();
        }
        return mark[0];
    }

    @Test
    void marksAreEmptiedWhereThereAreNoHomes() throws InterruptedException {
        JournalPosition mark = markAndKeepUp();
        assertThat(forgotten).containsExactly(mark);
    }

    @Test
    void notesAreLeftToProcessesThatHaveHomes() throws InterruptedException {
        source.serve();
        scheduler.run("relay", () -> {
            Home home = new Home("keys", source, new SimHome(scheduler));
            new Lives(keys).begin(home, home.participant().incarnation(Deadline.after(LONG)), Deadline.after(LONG));
        });
        markAndKeepUp();
        assertThat(forgotten).isEmpty();
    }
}
