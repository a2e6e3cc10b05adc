package io.contextdb.backend.memory;

import io.contextdb.spi.journal.Candidates;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A copy of another store's points, beside the store's own. Thread-safe. */
final class MemoryProjection implements Projection {
    private final Map<Long, NavigableMap<UUID, PointState>> spaces = new HashMap<>();
    private @Nullable Watermark mark;

    /** What is in memory is lost with the process only. */
    @Override
    public String incarnation(Deadline deadline) {
        return "1";
    }

    @Override
    public synchronized Optional<Watermark> watermark(Deadline deadline) {
        return Optional.ofNullable(mark);
    }

    @Override
    public synchronized boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        if (!Objects.equals(mark, from)) {
            return false;
        }
        mark = to;
        return true;
    }

    @Override
    public synchronized void apply(SpaceRef space, List<PointState> states, Deadline deadline) {
        Map<UUID, PointState> points = spaces.computeIfAbsent(space.id(), id -> new TreeMap<>(UuidOrder.INSTANCE));
        for (PointState state : states) {
            points.merge(state.id(), state, (old, fresh) -> old.version() > fresh.version() ? old : fresh);
        }
    }

    @Override
    public synchronized Candidates candidates(SpaceRef space, List<VectorQuery> queries, Deadline deadline) {
        List<List<UUID>> all = new ArrayList<>();
        for (VectorQuery query : queries) {
            deadline.check("candidates");
            all.add(points(space).values().stream()
                    .flatMap(state -> state.point().stream())
                    .filter(point ->
                            point.vector().isPresent() && query.filter().matches(point))
                    .map(point -> hit(space.space().metric(), query.vector(), point))
                    .sorted(Hit.ORDER)
                    .limit(query.k())
                    .map(hit -> hit.point().id())
                    .toList());
        }
        return new Candidates(incarnation(deadline), all);
    }

    private static Hit hit(Metric metric, Vector query, VectorPoint point) {
        return new Hit(point, metric.similarity(query, point.vector().orElseThrow()));
    }

    @Override
    public synchronized Page<PointVersion> versions(SpaceRef space, PageRequest page, Deadline deadline) {
        NavigableMap<UUID, PointState> rest = points(space);
        for (String after : Cursor.read(page, "versions", 1)) {
            rest = rest.tailMap(Cursor.uuid(after), false);
        }
        List<PointVersion> read = rest.values().stream()
                .limit(page.limit() + 1L)
                .map(state -> new PointVersion(
                        state.id(), state.version(), state.point().isEmpty()))
                .toList();
        return Page.of(read, page.limit(), last -> Cursor.of("versions", last.point()));
    }

    @Override
    public synchronized void purge(SpaceRef space, List<PointVersion> marks, Deadline deadline) {
        NavigableMap<UUID, PointState> points = points(space);
        for (PointVersion gone : marks) {
            PointState state = points.get(gone.point());
            if (state != null && state.point().isEmpty() && state.version() == gone.version()) {
                points.remove(gone.point());
            }
        }
    }

    @Override
    public synchronized Set<Long> spaces(Deadline deadline) {
        return Set.copyOf(spaces.keySet());
    }

    @Override
    public synchronized void forget(Collection<Long> gone, Deadline deadline) {
        gone.forEach(spaces::remove);
    }

    private NavigableMap<UUID, PointState> points(SpaceRef space) {
        return spaces.getOrDefault(space.id(), new TreeMap<>(UuidOrder.INSTANCE));
    }
}
