package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The steps of a comparison in the background, one by one. */
class ScrubStepsTest {
    private static final Supplier<Deadline> CALLS = () -> Deadline.after(Duration.ofHours(1));
    private static final Duration PERIOD = Duration.ofHours(24);
    private static final int SPACES = 12;
    private static final int SPACES_OF_A_PAGE = 3;

    private final SimScheduler scheduler = new SimScheduler(0);
    private final SimSource source = new SimSource(
            scheduler,
            IntStream.range(0, SPACES).mapToObj(i -> NamespaceName.of("n" + i)).toList());
    private final SimCopy copy = new SimCopy(scheduler);
    private final SystemKeys keys = new SystemKeys(source);

    @BeforeEach
    void serve() {
        source.serve();
    }

    @AfterEach
    void end() {
        scheduler.end();
    }

    private Scrub scrub(Journal journal, Projection projection) {
        return new Scrub(
                journal,
                projection,
                new Epochs(source, keys),
                lease("one"),
                new ScrubLog("vectors", keys),
                PERIOD,
                scheduler,
                CALLS);
    }

    private Lease lease(String owner) {
        return new Lease("scrub", owner, keys, scheduler);
    }

    private boolean isDone() {
        return new ScrubLog("vectors", keys).read(CALLS.get()).result().isPresent();
    }

    @Test
    void nobodyElseBeginsWhileItRestsLong() {
        Duration work = Duration.ofMillis(300);
        Projection slow = Tampered.with(Projection.class, copy, call -> {
            if (call.is("versions")) {
                LockSupport.parkNanos(work.toNanos());
            }
            return call.proceed();
        });
        scheduler.run("scrub", () -> {
            Scrub scrub = scrub(source, slow);
            Lease other = lease("other");
            Duration rested = Duration.ZERO;
            while (rested.compareTo(work.multipliedBy(24)) < 0) {
                Duration rest = scrub.step();
                scheduler.pass(rest);
                rested = rested.plus(rest);
                assertThat(other.isHeld(CALLS.get())).as("the other's lease").isFalse();
            }
        });
    }

    @Test
    void aStepThatWasHeldUpIsNotFollowedByALongRest() {
        AtomicInteger looks = new AtomicInteger();
        Projection heldUpOnce = Tampered.with(Projection.class, copy, call -> {
            if (call.is("versions") && looks.incrementAndGet() == 1) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
            return call.proceed();
        });
        scheduler.run("scrub", () -> {
            Scrub scrub = scrub(source, heldUpOnce);
            Duration rest = scrub.step();
            Duration rested = Duration.ZERO;
            while (looks.get() == 1) {
                scheduler.pass(rest);
                rested = rested.plus(rest);
                rest = scrub.step();
            }
            assertThat(rested).isLessThanOrEqualTo(Duration.ofSeconds(20));
        });
    }

    @Test
    void aPassListsTheSpacesOnce() {
        AtomicInteger lists = new AtomicInteger();
        Journal paged = Tampered.with(Journal.class, source, call -> {
            if (!call.is("spaces") || !(call.argument(0) instanceof PageRequest request)) {
                return call.proceed();
            }
            lists.incrementAndGet();
            List<?> all = ((Page<?>) call.proceed()).items();
            int from = request.cursor().isEmpty() ? 0 : Integer.parseInt(request.cursor());
            int to = from + SPACES_OF_A_PAGE;
            return to < all.size()
                    ? new Page<>(all.subList(from, to), Integer.toString(to))
                    : Page.last(all.subList(from, all.size()));
        });
        scheduler.run("scrub", () -> {
            Scrub scrub = scrub(paged, copy);
            while (!isDone()) {
                scheduler.pass(scrub.step());
            }
        });
        assertThat(lists).hasValue(SPACES / SPACES_OF_A_PAGE);
    }
}
