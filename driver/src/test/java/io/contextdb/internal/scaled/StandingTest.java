package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How a copy stands, as searches ask for it. */
class StandingTest {
    @Test
    void theTimeThatTheSourceTakesIsNotTheCopys() {
        SimScheduler scheduler = new SimScheduler(0);
        SimSource source = new SimSource(scheduler, List.of(NamespaceName.of("a")));
        AtomicReference<Deadline> ifBegunAfterTheSource = new AtomicReference<>();
        AtomicReference<Deadline> given = new AtomicReference<>();
        Journal journal = Tampered.with(Journal.class, source, call -> {
            Object answer = call.proceed();
            ifBegunAfterTheSource.set(Deadline.after(Standing.PATIENCE));
            return answer;
        });
        Projection copy = Tampered.with(Projection.class, new SimCopy(scheduler), call -> {
            if (call.is("watermark")) {
                given.set(call.argument(0));
            }
            return call.proceed();
        });
        SystemKeys keys = new SystemKeys(source);
        Standing standing = new Standing(copy, new Epochs(journal, keys), new DeadLetters("vectors", keys), scheduler);

        source.serve();
        scheduler.run("search", () -> standing.place(Deadline.after(Duration.ofHours(1))));
        scheduler.end();

        assertThat(ifBegunAfterTheSource.get().earlier(given.get()))
                .as("the earlier of the deadlines")
                .isSameAs(ifBegunAfterTheSource.get());
    }
}
