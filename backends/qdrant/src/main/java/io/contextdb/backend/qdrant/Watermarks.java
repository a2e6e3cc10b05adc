package io.contextdb.backend.qdrant;

import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Metric;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The watermark, as a point in each collection of copies and in one of its own, so that whatever is lost loses its watermark too.
 * Each also names all those collections: one that is gone as a whole has no watermark to miss. Thread-safe.
 */
final class Watermarks {
    private static final String SOURCE = "watermarkSource";
    private static final String EPOCH = "watermarkEpoch";
    private static final String TRANSACTION = "watermarkTransaction";
    private static final String COMMIT = "watermarkCommit";
    private static final String AT = "watermarkAt";
    private static final String INCARNATION = "watermarkIncarnation";
    private static final String CERTAIN_TRANSACTION = "watermarkCertainTransaction";
    private static final String CERTAIN_COMMIT = "watermarkCertainCommit";
    private static final String COLLECTIONS = "watermarkCollections";

    private static final Comparator<Watermark> ORDER =
            Comparator.comparingLong(Watermark::epoch).thenComparing(Watermark::position);

    private final Link link;
    private final Names names;
    private final KnownCollections collections;

    Watermarks(Link link, Names names, KnownCollections collections) {
        this.link = link;
        this.names = names;
        this.collections = collections;
    }

    /** A watermark, and the collections that were there when it was set. */
    private record Mark(Watermark watermark, List<String> collections) {}

    /** Returns the watermark; empty if any of the collections has lost its own, or is lost. */
    Optional<Watermark> read(Deadline deadline) {
        return look(holders(deadline), deadline);
    }

    private Optional<Watermark> look(Set<String> holders, Deadline deadline) {
        Map<String, Mark> marks = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (String holder : holders) {
            mark(holder, deadline).ifPresent(mark -> {
                marks.put(holder, mark);
                named.addAll(mark.collections());
            });
        }
        boolean whole = holders.containsAll(named)
                && holders.stream()
                        .filter(holder -> !marks.containsKey(holder))
                        .allMatch(holder -> !named.contains(holder) && empty(holder, deadline));
        boolean agree = marks.values().stream()
                        .map(mark -> mark.watermark().source())
                        .distinct()
                        .count()
                <= 1;
        return whole && agree ? marks.values().stream().map(Mark::watermark).min(ORDER) : Optional.empty();
    }

    /**
     * Moves the watermark everywhere, unless it is not where it is thought to be. Qdrant compares and sets nothing in one step; but what
     * is lost between the two is lost by a crash, in which the second call fails.
     */
    boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        Set<String> holders = holders(deadline);
        if (holders.add(names.mark())) {
            collections.doubt(names.mark());
            collections.ensure(names.mark(), new Names.Shape(1, Metric.DOT), KnownCollections.Kind.MARK, deadline);
        }
        if (!look(holders, deadline).equals(Optional.ofNullable(from))) {
            return false;
        }
        for (String holder : holders) {
            put(holder, to, holders, UpdateMode.Upsert, deadline);
        }
        return true;
    }

    /** Gives a collection that has just been created, and has no points, the watermark of the others. */
    void adopt(String collection, Deadline deadline) {
        if (mark(collection, deadline).isPresent() || !empty(collection, deadline)) {
            return;
        }
        Set<String> holders = holders(deadline);
        look(holders, deadline)
                .ifPresent(watermark -> put(collection, watermark, holders, UpdateMode.InsertOnly, deadline));
    }

    private Set<String> holders(Deadline deadline) {
        Set<String> holders = new TreeSet<>();
        for (String name : collections.list(deadline)) {
            if (name.equals(names.mark()) || names.shapeOfCopies(name).isPresent()) {
                holders.add(name);
            }
        }
        return holders;
    }

    private boolean empty(String collection, Deadline deadline) {
        CountPoints request = CountPoints.newBuilder()
                .setCollectionName(collection)
                .setExact(true)
                .build();
        return link.read("count", deadline, points -> points.count(request))
                        .getResult()
                        .getCount()
                == 0;
    }

    private Optional<Mark> mark(String collection, Deadline deadline) {
        List<RetrievedPoint> found = link.read(
                        "read the watermark",
                        deadline,
                        points -> points.get(Requests.get(collection, List.of(Names.watermark()))
                                .setWithPayload(Requests.WHOLE)
                                .build()))
                .getResultList();
        return found.stream().findFirst().map(point -> mark(point.getPayloadMap()));
    }

    private static Mark mark(Map<String, Value> payload) {
        return new Mark(
                new Watermark(
                        Values.text(payload, SOURCE),
                        Values.integer(payload, EPOCH),
                        new JournalPosition(Values.integer(payload, TRANSACTION), Values.integer(payload, COMMIT)),
                        Instant.EPOCH.plus(Values.integer(payload, AT), ChronoUnit.MICROS),
                        Values.text(payload, INCARNATION),
                        payload.containsKey(CERTAIN_COMMIT)
                                ? new JournalPosition(
                                        Values.integer(payload, CERTAIN_TRANSACTION),
                                        Values.integer(payload, CERTAIN_COMMIT))
                                : null),
                Values.texts(payload, COLLECTIONS));
    }

    private void put(
            String collection, Watermark watermark, Collection<String> all, UpdateMode mode, Deadline deadline) {
        PointStruct.Builder point = PointStruct.newBuilder()
                .setId(Names.watermark())
                .putPayload(SOURCE, Values.of(watermark.source()))
                .putPayload(EPOCH, Values.of(watermark.epoch()))
                .putPayload(TRANSACTION, Values.of(watermark.position().transaction()))
                .putPayload(COMMIT, Values.of(watermark.position().commit()))
                .putPayload(AT, Values.of(PointPayload.micros(watermark.at())))
                .putPayload(INCARNATION, Values.of(watermark.incarnation()))
                .putPayload(COLLECTIONS, Values.of(all))
                .setVectors(StoredVectors.searched(null));
        JournalPosition certain = watermark.certain();
        if (certain != null) {
            point.putPayload(CERTAIN_TRANSACTION, Values.of(certain.transaction()))
                    .putPayload(CERTAIN_COMMIT, Values.of(certain.commit()));
        }
        link.write(
                "set the watermark",
                deadline,
                points -> points.upsert(Requests.upsert(collection, List.of(point.build()))
                        .setUpdateMode(mode)
                        .build()));
    }
}
