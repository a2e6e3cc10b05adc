package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares a copy with the source again and again, a step at a time, and rests long between steps. What differs is looked at a
 * second time, once the copy has had the time to be right. Says what it found and mends nothing. Whoever has the lease goes on where another
 * left off. Used by one thread.
 */
final class Scrub {
    private static final int POINTS_AT_ONCE = 1_000;
    private static final int SPACES_AT_ONCE = 1_000;
    /** For each moment of work, so many of rest: it takes at most 4 % of the time of one thread, but for {@link #LONGEST_REST}. */
    private static final int REST = 24;

    private static final Duration LOOKS = Duration.ofMinutes(1);
    private static final Duration WHILE_OTHERS_WORK = Duration.ofSeconds(5);
    private static final Duration SHORTEST_REST = Duration.ofMillis(20);
    /** A step that took seconds was held up, by a machine or a store, rather than at work. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(20);

    private static final Duration SAVES = Duration.ofSeconds(10);

    private final Journal journal;
    private final Projection projection;
    private final Epochs epochs;
    private final Lease lease;
    private final ScrubLog log;
    private final Duration period;
    private final InstantSource clock;
    private final Supplier<Deadline> calls;
    /** When it has rested enough; it comes back earlier, to keep the lease. */
    private Instant restsUntil = Instant.MIN;
    /** The pass that is under way here. */
    private ScrubLog.@Nullable Pass pass;

    /** The page of the list of spaces in which the pass is. */
    private Page<SpaceRef> spaces = Page.last(List.of());

    private Instant savedAt = Instant.MIN;
    /** What differed in the present step, until the copy has all up to a position; null if nothing is doubted. */
    private @Nullable Doubt doubt;

    private record Doubt(Set<Difference> found, JournalPosition until) {}

    /** What a step saw: the differences, and the pass after it; no pass if there was nothing left to compare. */
    private record Step(Set<Difference> found, Optional<ScrubLog.Pass> next) {}

    Scrub(
            Journal journal,
            Projection projection,
            Epochs epochs,
            Lease lease,
            ScrubLog log,
            Duration period,
            InstantSource clock,
            Supplier<Deadline> calls) {
        this.journal = journal;
        this.projection = projection;
        this.epochs = epochs;
        this.lease = lease;
        this.log = log;
        this.period = period;
        this.clock = clock;
        this.calls = calls;
    }

    /** Does one step, unless it still rests from the last, and returns when to call again; after a failure the same step is done again. */
    Duration step() {
        if (pass == null) {
            Duration wait = untilDue();
            if (!wait.isZero()) {
                return least(LOOKS, wait);
            }
        }
        if (!lease.isHeld(calls.get())) {
            pass = null;
            doubt = null;
            return least(WHILE_OTHERS_WORK, period);
        }
        Duration left = Duration.between(clock.instant(), restsUntil);
        if (pass != null && left.compareTo(Duration.ZERO) > 0) {
            return least(Lease.RENEWED, left);
        }
        long start = System.nanoTime();
        ScrubLog.Pass present = pass == null ? beginOrGoOn() : pass;
        pass = present;
        compare(present);
        Duration worked = Duration.ofNanos(System.nanoTime() - start);
        Duration rest = least(LONGEST_REST, most(SHORTEST_REST, worked.multipliedBy(REST)));
        restsUntil = clock.instant().plus(rest);
        return least(Lease.RENEWED, rest);
    }

    private Duration untilDue() {
        ScrubLog.Known known = log.read(calls.get());
        if (known.pass().isPresent() || known.result().isEmpty()) {
            return Duration.ZERO;
        }
        Duration left =
                Duration.between(clock.instant(), known.result().get().ended().plus(period));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private ScrubLog.Pass beginOrGoOn() {
        return log.read(calls.get()).pass().orElseGet(() -> ScrubLog.Pass.begin(clock.instant()));
    }

    private void compare(ScrubLog.Pass present) {
        Doubt doubted = doubt;
        if (doubted != null && !hasReached(doubted.until())) {
            return;
        }
        Step step = look(present);
        if (doubted == null && !step.found().isEmpty()) {
            doubt = new Doubt(step.found(), JournalMark.now(journal, calls.get()));
            return;
        }
        if (doubted != null) {
            step.found().retainAll(doubted.found());
            doubt = null;
        }
        long found = present.found() + step.found().size();
        if (step.next().isPresent()) {
            ScrubLog.Pass next = step.next().get();
            goOn(new ScrubLog.Pass(next.began(), found, next.space(), next.place()));
        } else {
            end(present, found);
        }
    }

    /** Compares the next points of the space in which the pass is, or the first ones of the space after it. */
    private Step look(ScrubLog.Pass from) {
        Epochs.Epoch epoch = epochs.current(calls.get());
        Set<Difference> found = new HashSet<>();
        Optional<SpaceRef> space = spaceFrom(from.space());
        if (space.isEmpty()) {
            return new Step(found, Optional.empty());
        }
        long number = space.get().id();
        SideBySide.Place place = number == from.space() ? from.place() : SideBySide.Place.BEGIN;
        SideBySide lists = new SideBySide(space.get(), epoch, projection, journal, calls, place);
        for (int points = 0; points < POINTS_AT_ONCE && lists.hasNext(); points++) {
            lists.next().ifPresent(found::add);
        }
        ScrubLog.Pass next = lists.hasNext()
                ? new ScrubLog.Pass(from.began(), from.found(), number, lists.place())
                : new ScrubLog.Pass(from.began(), from.found(), number + 1, SideBySide.Place.BEGIN);
        return new Step(found, Optional.of(next));
    }

    private Optional<SpaceRef> spaceFrom(long number) {
        PageRequest request = PageRequest.first(SPACES_AT_ONCE);
        if (spaces.items().isEmpty() || spaces.items().get(0).id() > number) {
            spaces = journal.spaces(request, calls.get());
        }
        while (true) {
            for (SpaceRef space : spaces.items()) {
                if (space.id() >= number && exists(space)) {
                    return Optional.of(space);
                }
            }
            if (!spaces.hasNext()) {
                return Optional.empty();
            }
            spaces = journal.spaces(request.after(spaces.next()), calls.get());
        }
    }

    /** The list may be old. */
    private boolean exists(SpaceRef space) {
        return !journal.spaces(List.of(space.id()), calls.get()).isEmpty();
    }

    private boolean hasReached(JournalPosition position) {
        Epochs.Epoch epoch = epochs.current(calls.get());
        return projection
                .watermark(calls.get())
                .filter(mark -> epoch.covers(mark, position))
                .isPresent();
    }

    private void goOn(ScrubLog.Pass next) {
        pass = next;
        Instant now = clock.instant();
        if (!now.isBefore(savedAt.plus(SAVES))) {
            log.write(next, calls.get());
            savedAt = now;
        }
    }

    /** What was found before the copy was mended tells nothing, so then the pass is done again. */
    private void end(ScrubLog.Pass ended, long found) {
        boolean mendedMeanwhile = log.read(calls.get())
                .mended()
                .filter(mended -> !mended.isBefore(ended.began()))
                .isPresent();
        if (mendedMeanwhile && found > 0) {
            goOn(ScrubLog.Pass.begin(clock.instant()));
            return;
        }
        log.write(new ScrubLog.Result(clock.instant(), found), calls.get());
        pass = null;
        lease.release(calls.get());
    }

    /** Lets another driver go on at once, from where this one is. */
    void stop() {
        ScrubLog.Pass present = pass;
        if (present != null) {
            log.write(present, calls.get());
        }
        lease.release(calls.get());
    }

    private static Duration most(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
