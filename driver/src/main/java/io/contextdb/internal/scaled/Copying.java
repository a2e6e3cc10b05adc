package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.journal.Follower;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointChange;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies points: entries only say which changed, what they are now the source is asked for, so that ten changes of a point are one
 * write. A state never carries a greater version than it is worth, so whoever writes last in time does not matter.
 */
final class Copying implements Following {
    private static final int STATES = 500;
    private static final long READ_WHOLE = 100_000;

    private final String name;
    private final Journal journal;
    private final Projection projection;
    private final DeadLetters dead;
    private final Comparison comparison;

    Copying(String name, Journal journal, Projection projection, DeadLetters dead, Comparison comparison) {
        this.name = name;
        this.journal = journal;
        this.projection = projection;
        this.dead = dead;
        this.comparison = comparison;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Follower store() {
        return projection;
    }

    /** Stores write to several files, so that in a restart one may lose what another has: only what is certain is there then. */
    @Override
    public @Nullable JournalPosition from(Watermark mark, String incarnation) {
        return mark.incarnation().equals(incarnation) ? mark.position() : mark.certain();
    }

    @Override
    public void meet(String incarnation, boolean served, Supplier<Deadline> calls) {
        // Points carry their versions: a life is like another.
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public JournalPosition begin(Epochs.Epoch epoch, JournalPosition end, Supplier<Deadline> calls) {
        comparison.fill(epoch, calls);
        // What was deleted leaves no mark where it was never copied; entries do, so a journal that is not long is read
        // whole.
        long entries = journal.backlog(JournalPosition.START, calls.get()).entries();
        return entries <= READ_WHOLE ? JournalPosition.START : end;
    }

    @Override
    public void take(List<JournalEntry> entries, Epochs.Epoch epoch, Supplier<Deadline> calls) {
        Map<Long, Map<UUID, Long>> changed = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            for (PointChange change : entry.points()) {
                changed.computeIfAbsent(change.space(), space -> new LinkedHashMap<>())
                        .merge(change.point(), entry.position().commit(), Math::max);
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        for (SpaceRef space : journal.spaces(changed.keySet(), calls.get())) {
            List<Map.Entry<UUID, Long>> points =
                    List.copyOf(changed.getOrDefault(space.id(), Map.of()).entrySet());
            for (int from = 0; from < points.size(); from += STATES) {
                take(space, points.subList(from, Math.min(points.size(), from + STATES)), epoch, calls);
            }
        }
    }

    private void take(
            SpaceRef space, List<Map.Entry<UUID, Long>> points, Epochs.Epoch epoch, Supplier<Deadline> calls) {
        // Reading and writing have one deadline: whoever was paused in between is too late, and writes nothing old.
        Deadline both = calls.get();
        Map<UUID, VersionedPoint> current =
                current(space, points.stream().map(Map.Entry::getKey).toList(), both);
        List<PointState> states = new ArrayList<>();
        for (Map.Entry<UUID, Long> point : points) {
            VersionedPoint found = current.get(point.getKey());
            states.add(
                    found == null
                            ? PointState.deleted(point.getKey(), epoch.stamp(point.getValue()))
                            : PointState.of(found.point(), epoch.stamp(found.version())));
        }
        apply(space, states, both);
    }

    private Map<UUID, VersionedPoint> current(SpaceRef space, Collection<UUID> ids, Deadline deadline) {
        Map<UUID, VersionedPoint> current = new HashMap<>();
        journal.points(space.id(), ids, deadline)
                .forEach(found -> current.put(found.point().id(), found));
        return current;
    }

    /** Finds what the store can never take by halving, and goes on without it. */
    private void apply(SpaceRef space, List<PointState> states, Deadline deadline) {
        try {
            projection.apply(space, states, deadline);
            dead.cleared(space, states, deadline);
        } catch (ContextNonTransientException refused) {
            if (states.size() == 1) {
                dead.add(space, states.get(0), refused, deadline);
                return;
            }
            int half = states.size() / 2;
            apply(space, states.subList(0, half), deadline);
            apply(space, states.subList(half, states.size()), deadline);
        }
    }
}
