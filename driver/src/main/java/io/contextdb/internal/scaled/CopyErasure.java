package io.contextdb.internal.scaled;

import io.contextdb.ErasureReport.Finding;
import io.contextdb.spi.Remains;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that a copy has no point which the source has no more. An entry is written to the journal first: once the copy's watermark has
 * passed it, no older state is on its way that the copy would still take, so that what it lists then is all there will be. Thread-safe.
 */
final class CopyErasure {
    private static final Remains NOTHING = new Remains(Map.of(Remains.Kind.POINTS, 0L));
    private static final Remains NOT_LOOKED = new Remains(Map.of());
    /** A relay that works is that far in less; one that is further behind says so. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Journal journal;
    private final Projection projection;
    private final Epochs epochs;
    private final Comparison comparison;
    private final Runnable wake;

    /** Creates it; {@code wake} tells the relay of this process, if there is one, that there is something to do. */
    CopyErasure(Journal journal, Projection projection, Epochs epochs, Comparison comparison, Runnable wake) {
        this.journal = journal;
        this.projection = projection;
        this.epochs = epochs;
        this.comparison = comparison;
        this.wake = wake;
    }

    /** Compares the points of a namespace; what differs while it is written is looked at twice. */
    Finding check(NamespaceName namespace, Deadline deadline) {
        Epochs.Epoch epoch = epochs.current(deadline);
        Optional<String> late = lateness(epoch, deadline);
        if (late.isPresent()) {
            return pending(NOT_LOOKED, late.get());
        }
        comparison.forgetDropped(epoch, deadline);
        Set<Difference> left = left(namespace, epoch, deadline);
        if (!left.isEmpty()) {
            late = lateness(epoch, deadline);
            if (late.isPresent()) {
                return pending(NOT_LOOKED, late.get());
            }
            left.retainAll(left(namespace, epoch, deadline));
        }
        return left.isEmpty()
                ? new Finding(Instant.now(), NOTHING, List.of())
                : pending(
                        new Remains(Map.of(Remains.Kind.POINTS, (long) left.size())),
                        "it still has points of the namespace that the source has no more, or has otherwise: "
                                + left.size() + "; repair mends them");
    }

    private static Finding pending(Remains remains, String reason) {
        return new Finding(Instant.now(), remains, List.of(reason));
    }

    private Set<Difference> left(NamespaceName namespace, Epochs.Epoch epoch, Deadline deadline) {
        Set<Difference> left = new HashSet<>();
        comparison.compare(namespace, epoch, () -> deadline, difference -> {
            if (difference.hasContent()) {
                left.add(difference);
            }
        });
        return left;
    }

    /** Waits a little for the copy to have all that was committed until now; says how far it is behind if it has not. */
    private Optional<String> lateness(Epochs.Epoch epoch, Deadline deadline) {
        JournalPosition now = JournalMark.now(journal, deadline);
        wake.run();
        Deadline patience = Share.of(deadline, PATIENCE);
        while (true) {
            Optional<Watermark> reached = projection.watermark(deadline).filter(epoch::isOf);
            if (reached.filter(mark -> epoch.covers(mark, now)).isPresent()) {
                return Optional.empty();
            }
            if (patience.remaining().compareTo(PAUSE) <= 0) {
                return Optional.of(reached.map(mark -> behind(mark, deadline))
                        .orElse("it is being filled, and has no watermark of this history yet"));
            }
            Pauses.SLEEPING.pause(PAUSE, deadline, "the copy did not have what was committed");
        }
    }

    private String behind(Watermark mark, Deadline deadline) {
        long entries =
                journal.backlog(mark.position(), Share.of(deadline, PATIENCE)).entries();
        return "its relay is " + entries + " batches behind";
    }
}
