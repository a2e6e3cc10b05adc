package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.MutationResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Results of a batch as bytes. Claimed events are kept by position, not by content: what was erased since must not come
 * back in a repeated receipt. Events that the batch itself appended are of its commit, whose number may not be known yet.
 */
final class StoredResults {
    private static final String EVENTS =
            "SELECT " + PostgresEvents.COLUMNS + """
                     FROM %s r
                     JOIN cdb.event e ON e.ns = ? AND e.commit_no = r.commit_no AND e.seq = r.seq
                    """.formatted(ArrayRows.of("commit_no int8, seq int8"));

    private record Given(EventPosition position, int attempt, long visibleAt) {}

    private StoredResults() {}

    /** Returns the SQL of a written entity's result, after {@code int4send} of the number of results. */
    static String written(String version) {
        return "decode('57', 'hex') || int8send(" + version + ")";
    }

    static byte[] write(List<MutationResult> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(results.size());
            for (MutationResult result : results) {
                write(out, result);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, MutationResult result) throws IOException {
        switch (result) {
            case MutationResult.Done done -> out.writeByte('D');
            case MutationResult.Written written -> {
                out.writeByte('W');
                out.writeLong(written.version());
            }
            case MutationResult.Existing existing -> {
                out.writeByte('E');
                out.writeLong(existing.id().getMostSignificantBits());
                out.writeLong(existing.id().getLeastSignificantBits());
                out.writeLong(existing.version());
            }
            case MutationResult.Skipped skipped -> {
                out.writeByte('S');
                out.writeLong(skipped.currentVersion());
            }
            case MutationResult.Removed removed -> {
                out.writeByte('R');
                out.writeLong(removed.count());
            }
            case MutationResult.Counter counter -> {
                out.writeByte('C');
                out.writeLong(counter.value());
                out.writeLong(counter.version());
            }
            case MutationResult.Permits permits -> {
                out.writeByte('P');
                out.writeBoolean(permits.allowed());
                out.writeLong(permits.remaining());
                out.writeLong(permits.retryAfter().toNanos());
            }
            case MutationResult.Appended appended -> {
                out.writeByte('A');
                out.writeLong(appended.position().sequence());
            }
            case MutationResult.Claimed claimed -> {
                out.writeByte('X');
                out.writeInt(claimed.deliveries().size());
                for (Delivery delivery : claimed.deliveries()) {
                    position(out, delivery.event().position());
                    out.writeInt(delivery.attempt());
                    out.writeLong(Columns.of(delivery.visibleAgainAt()));
                }
            }
        }
    }

    private static void position(DataOutputStream out, EventPosition position) throws IOException {
        out.writeLong(position.commit());
        out.writeLong(position.sequence());
    }

    /** Returns results with the positions of their events in the commit that wrote them. */
    static List<MutationResult> at(long commit, List<MutationResult> results) {
        return results.stream()
                .map(result -> result instanceof MutationResult.Appended appended
                        ? new MutationResult.Appended(
                                new EventPosition(commit, appended.position().sequence()))
                        : result)
                .toList();
    }

    /** Returns the results of a commit. */
    static List<MutationResult> read(byte[] bytes, long commit, Snapshot snapshot) throws SQLException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            List<MutationResult> results = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                results.add(read(in, snapshot));
            }
            return at(commit, results);
        } catch (IOException malformed) {
            throw new CorruptDataException("a remembered receipt cannot be read; the store was damaged", malformed);
        }
    }

    private static MutationResult read(DataInputStream in, Snapshot snapshot) throws IOException, SQLException {
        int kind = in.readByte();
        return switch (kind) {
            case 'D' -> new MutationResult.Done();
            case 'W' -> new MutationResult.Written(in.readLong());
            case 'E' -> new MutationResult.Existing(new UUID(in.readLong(), in.readLong()), in.readLong());
            case 'S' -> new MutationResult.Skipped(in.readLong());
            case 'R' -> new MutationResult.Removed(in.readLong());
            case 'C' -> new MutationResult.Counter(in.readLong(), in.readLong());
            case 'P' -> new MutationResult.Permits(in.readBoolean(), in.readLong(), Duration.ofNanos(in.readLong()));
            case 'A' -> new MutationResult.Appended(new EventPosition(0, in.readLong()));
            case 'X' -> claimed(in, snapshot);
            default -> throw new IOException("no result is of kind " + kind);
        };
    }

    private static MutationResult claimed(DataInputStream in, Snapshot snapshot) throws IOException, SQLException {
        List<Given> given = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            given.add(new Given(position(in), in.readInt(), in.readLong()));
        }
        Map<EventPosition, Event> events = new HashMap<>();
        snapshot.list(
                        EVENTS,
                        PostgresEvents::event,
                        Many.longs(given, each -> each.position().commit()),
                        Many.longs(given, each -> each.position().sequence()),
                        snapshot.namespace())
                .forEach(event -> events.put(event.position(), event));
        List<Delivery> deliveries = new ArrayList<>();
        for (Given each : given) {
            Event event = events.get(each.position());
            if (event != null) {
                deliveries.add(new Delivery(event, each.attempt(), Columns.instant(each.visibleAt())));
            }
        }
        return new MutationResult.Claimed(deliveries);
    }

    private static EventPosition position(DataInputStream in) throws IOException {
        return new EventPosition(in.readLong(), in.readLong());
    }
}
