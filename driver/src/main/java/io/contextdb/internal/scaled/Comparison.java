package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares a copy with the source, space by space, by the versions of points, and mends it. Both may be written meanwhile: nothing
 * that is done here can make a copy older than it is.
 */
final class Comparison {
    private static final int PAGE = 1_000;
    private static final int MENDED_AT_ONCE = 500;

    private final Journal journal;
    private final Projection projection;

    Comparison(Journal journal, Projection projection) {
        this.journal = journal;
        this.projection = projection;
    }

    /** Repairs a copy that was just told that the epoch begins, so that it is known to belong to the source. */
    void fill(Epochs.Epoch epoch, Supplier<Deadline> calls) {
        removeDropped(calls.get());
        spaces(calls, space -> repair(space, epoch, calls));
    }

    /** Brings the copy to what the source has now; may be stopped at any point and begun again. */
    void repair(Epochs.Epoch epoch, Supplier<Deadline> calls) {
        forgetDropped(epoch, calls.get());
        spaces(calls, space -> repair(space, epoch, calls));
    }

    /** Hands out each difference; those that are about to be copied are among them. */
    void compare(Epochs.Epoch epoch, Supplier<Deadline> calls, Consumer<Difference> each) {
        spaces(calls, space -> differences(space, epoch, calls, each));
    }

    /** Hands out each difference in the spaces of a namespace. */
    void compare(NamespaceName namespace, Epochs.Epoch epoch, Supplier<Deadline> calls, Consumer<Difference> each) {
        spaces(calls, space -> {
            if (space.namespace().equals(namespace)) {
                differences(space, epoch, calls, each);
            }
        });
    }

    /**
     * Removes what the copy has of spaces that are no more; nothing while its watermark is not of the epoch, as the spaces may be
     * those of another store then. Looking and removing have one deadline: whoever was paused in between is too late, should the source
     * have lost commits meanwhile and give a number again.
     */
    void forgetDropped(Epochs.Epoch epoch, Deadline both) {
        boolean ours = projection
                .watermark(both)
                .filter(mark -> epoch.isOf(mark) || epoch.isBegunBy(mark))
                .isPresent();
        if (ours) {
            removeDropped(both);
        }
    }

    private void removeDropped(Deadline both) {
        Set<Long> there = projection.spaces(both);
        Set<Long> gone = new HashSet<>(there);
        List<Long> all = List.copyOf(there);
        for (int from = 0; from < all.size(); from += PAGE) {
            journal.spaces(all.subList(from, Math.min(all.size(), from + PAGE)), both)
                    .forEach(space -> gone.remove(space.id()));
        }
        if (!gone.isEmpty()) {
            projection.forget(gone, both);
        }
    }

    private void spaces(Supplier<Deadline> calls, Consumer<SpaceRef> each) {
        PageRequest request = PageRequest.first(PAGE);
        Page<SpaceRef> page;
        do {
            page = journal.spaces(request, calls.get());
            page.items().forEach(each);
            request = request.after(page.next());
        } while (page.hasNext());
    }

    private void differences(SpaceRef space, Epochs.Epoch epoch, Supplier<Deadline> calls, Consumer<Difference> each) {
        SideBySide lists = new SideBySide(space, epoch, projection, journal, calls, SideBySide.Place.BEGIN);
        while (lists.hasNext()) {
            lists.next().ifPresent(each);
        }
    }

    private void repair(SpaceRef space, Epochs.Epoch epoch, Supplier<Deadline> calls) {
        List<Difference> found = new ArrayList<>();
        differences(space, epoch, calls, difference -> {
            found.add(difference);
            if (found.size() == MENDED_AT_ONCE) {
                mend(space, found, epoch, calls);
                found.clear();
            }
        });
        if (!found.isEmpty()) {
            mend(space, found, epoch, calls);
        }
    }

    /** The source is asked again, after the copy: what is newer in the copy even now, no commit of the source has made. */
    private void mend(SpaceRef space, List<Difference> found, Epochs.Epoch epoch, Supplier<Deadline> calls) {
        Map<UUID, VersionedPoint> right =
                journal.points(space.id(), found.stream().map(Difference::point).toList(), calls.get()).stream()
                        .collect(Collectors.toMap(point -> point.point().id(), Function.identity()));
        List<PointState> states = new ArrayList<>();
        List<PointState> covers = new ArrayList<>();
        for (Difference difference : found) {
            epoch.checkNotLater(difference.copied());
            VersionedPoint point = right.get(difference.point());
            if (point == null) {
                if (difference.copied() != Difference.ABSENT) {
                    // Of an earlier epoch, it may come again; of this one, its deletion comes.
                    long mark = Math.max(difference.copied(), epoch.stamp(0));
                    states.add(PointState.deleted(difference.point(), mark));
                }
                continue;
            }
            long stamp = epoch.stamp(point.version());
            if (difference.copied() > stamp) {
                covers.add(PointState.deleted(difference.point(), difference.copied()));
            }
            states.add(PointState.of(point.point(), stamp));
        }
        if (!covers.isEmpty()) {
            projection.apply(space, covers, calls.get());
            projection.purge(
                    space,
                    covers.stream()
                            .map(cover -> new PointVersion(cover.id(), cover.version(), true))
                            .toList(),
                    calls.get());
        }
        projection.apply(space, states, calls.get());
    }
}
