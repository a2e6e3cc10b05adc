package io.contextdb.backend.postgresql;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Arrays of UUIDs in the protocol's binary form, which pgjdbc has for other types only: as a text each takes more than twice the
 * bytes, and both sides look at every character.
 */
final class UuidArray {
    private static final int DIMENSIONS = 1;
    private static final int NO_NULLS = 0;
    private static final int FIRST_INDEX = 1;
    private static final int BYTES = 2 * Long.BYTES;

    private UuidArray() {}

    static Array of(Connection connection, UUID[] ids) throws SQLException {
        BaseConnection server = connection.unwrap(BaseConnection.class);
        if (server.getPreferQueryMode() == PreferQueryMode.SIMPLE) {
            // An application's own connection may know statements as texts only.
            return connection.createArrayOf("uuid", ids);
        }
        ByteBuffer bytes = ByteBuffer.allocate(5 * Integer.BYTES + ids.length * (Integer.BYTES + BYTES))
                .putInt(DIMENSIONS)
                .putInt(NO_NULLS)
                .putInt(Oid.UUID)
                .putInt(ids.length)
                .putInt(FIRST_INDEX);
        for (UUID id : ids) {
            bytes.putInt(BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        }
        return new PgArray(server, Oid.UUID_ARRAY, bytes.array());
    }
}
