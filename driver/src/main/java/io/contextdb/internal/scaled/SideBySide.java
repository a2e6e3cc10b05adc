package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.UuidOrder;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The points of a space as a copy and as the source list them, side by side; can be left anywhere and gone on with later. Used by one thread. */
final class SideBySide {
    private static final int PAGE = 1_000;

    /**
     * Where it is.
     *
     * @param copied cursor of the copy's page
     * @param right cursor of the source's page
     * @param after the last point that was compared; null at the begin
     */
    record Place(String copied, String right, @Nullable UUID after) {
        /** Before every point. */
        static final Place BEGIN = new Place("", "", null);
    }

    private final SpaceRef space;
    private final Epochs.Epoch epoch;
    private final Listed copied;
    private final Listed right;
    private @Nullable UUID after;

    SideBySide(
            SpaceRef space,
            Epochs.Epoch epoch,
            Projection projection,
            Journal journal,
            Supplier<Deadline> calls,
            Place from) {
        this.space = space;
        this.epoch = epoch;
        this.after = from.after();
        this.copied = new Listed(from.copied(), after, page -> projection.versions(space, page, calls.get()));
        this.right = new Listed(from.right(), after, page -> journal.versions(space.id(), page, calls.get()));
    }

    Place place() {
        return new Place(copied.cursor(), right.cursor(), after);
    }

    boolean hasNext() {
        return copied.hasNext() || right.hasNext();
    }

    /** Compares the next point; empty if the copy has it as it should be, or only a mark of what is gone. */
    Optional<Difference> next() {
        int order =
                !copied.hasNext() ? 1 : !right.hasNext() ? -1 : PointVersion.ORDER.compare(copied.peek(), right.peek());
        PointVersion first = order <= 0 ? copied.peek() : right.peek();
        after = first.point();
        if (order < 0) {
            PointVersion only = copied.next();
            return only.deleted()
                    ? Optional.empty()
                    : Optional.of(new Difference(space, only.point(), only.version(), Difference.ABSENT, true));
        }
        if (order > 0) {
            long stamp = epoch.stamp(right.next().version());
            return Optional.of(new Difference(space, first.point(), Difference.ABSENT, stamp, false));
        }
        PointVersion copy = copied.next();
        long stamp = epoch.stamp(right.next().version());
        return copy.deleted() || copy.version() != stamp
                ? Optional.of(new Difference(space, copy.point(), copy.version(), stamp, !copy.deleted()))
                : Optional.empty();
    }

    /** A list that comes in pages. */
    private static final class Listed {
        private final Function<PageRequest, Page<PointVersion>> read;
        private final @Nullable UUID after;
        private String cursor;
        private String next;
        private List<PointVersion> items = List.of();
        private int at;
        private boolean ended;

        Listed(String cursor, @Nullable UUID after, Function<PageRequest, Page<PointVersion>> read) {
            this.read = read;
            this.after = after;
            this.cursor = cursor;
            this.next = cursor;
        }

        /** Returns the cursor of the page in which it is. */
        String cursor() {
            return cursor;
        }

        boolean hasNext() {
            while (at == items.size() && !ended) {
                cursor = next;
                Page<PointVersion> page = read.apply(new PageRequest(PAGE, cursor));
                items = page.items().stream().filter(this::isNew).toList();
                at = 0;
                ended = !page.hasNext();
                next = page.next();
            }
            return at < items.size();
        }

        private boolean isNew(PointVersion item) {
            return after == null || UuidOrder.INSTANCE.compare(item.point(), after) > 0;
        }

        PointVersion peek() {
            return items.get(at);
        }

        PointVersion next() {
            return items.get(at++);
        }
    }
}
