package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A cell of a page of a B-tree, as SQLite's file format has it: how much of a row stands in the page, and where the rest is. */
final class BtreeCell {
    private static final int TABLE_LEAF = 0x0d;
    private static final int INDEX_INTERIOR = 0x02;
    private static final int INDEX_LEAF = 0x0a;
    private static final int NOWHERE = -1;

    private BtreeCell() {}

    /** Makes the row of a cell go on in a page that no file has. */
    static void cutOff(byte[] page, int cell) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(page);
        int type = page[0];
        int pointers = type == INDEX_INTERIOR ? 12 : 8;
        boolean known = type == TABLE_LEAF || type == INDEX_INTERIOR || type == INDEX_LEAF;
        if (!known || cell >= bytes.getShort(3)) {
            throw new IOException("page is not what its tree says");
        }
        bytes.position(bytes.getShort(pointers + 2 * cell) + (type == INDEX_INTERIOR ? 4 : 0));
        int payload = (int) varint(bytes);
        if (type == TABLE_LEAF) {
            varint(bytes);
        }
        int local = local(payload, page.length, type == TABLE_LEAF);
        if (local == payload) {
            throw new IOException("row does not go on in another page");
        }
        bytes.putInt(bytes.position() + local, NOWHERE);
    }

    /** Returns how many bytes of a row stand in the page itself. */
    private static int local(int payload, int usable, boolean table) {
        int most = table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
        if (payload <= most) {
            return payload;
        }
        int least = (usable - 12) * 32 / 255 - 23;
        int fitting = least + (payload - least) % (usable - 4);
        return fitting <= most ? fitting : least;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            int next = bytes.get();
            value = (value << 7) | (next & 0x7f);
            if (next >= 0) {
                return value;
            }
        }
        return (value << 8) | (bytes.get() & 0xff);
    }
}
