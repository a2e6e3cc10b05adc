package io.contextdb.spi.value;

import java.util.Comparator;
import java.util.UUID;

/**
 * Order of UUIDs by their 16 bytes, unsigned, which is the order of their text and of PostgreSQL's {@code uuid}. It
 * differs from {@link UUID#compareTo}, which compares signed halves. Every tie that the contract breaks by id is broken
 * in this order (G12).
 */
public enum UuidOrder implements Comparator<UUID> {
    /** The order. */
    INSTANCE;

    @Override
    public int compare(UUID a, UUID b) {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }
}
