package io.contextdb.backend.postgresql;

import io.contextdb.spi.journal.PointChange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Points that changed as the journal's column holds them: for each the number of its space, then its id. */
final class ChangedPoints {
    /** Bytes of an id. */
    static final int ID = 2 * Long.BYTES;

    /** Bytes of the number of a space. */
    static final int SPACE = Integer.BYTES;

    private ChangedPoints() {}

    static byte[] write(Collection<PointChange> changes) {
        ByteBuffer column = ByteBuffer.allocate(changes.size() * (SPACE + ID));
        for (PointChange change : changes) {
            column.putInt(Math.toIntExact(change.space()))
                    .putLong(change.point().getMostSignificantBits())
                    .putLong(change.point().getLeastSignificantBits());
        }
        return column.array();
    }

    static List<PointChange> read(byte[] column) {
        ByteBuffer rest = ByteBuffer.wrap(column);
        List<PointChange> changes = new ArrayList<>(column.length / (SPACE + ID));
        while (rest.hasRemaining()) {
            changes.add(new PointChange(rest.getInt(), id(rest)));
        }
        return changes;
    }

    /** Reads ids alone, one after the other. */
    static List<UUID> ids(byte[] ids) {
        ByteBuffer rest = ByteBuffer.wrap(ids);
        List<UUID> read = new ArrayList<>(ids.length / ID);
        while (rest.hasRemaining()) {
            read.add(id(rest));
        }
        return read;
    }

    private static UUID id(ByteBuffer from) {
        return new UUID(from.getLong(), from.getLong());
    }
}
