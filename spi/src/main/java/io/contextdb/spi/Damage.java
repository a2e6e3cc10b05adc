package io.contextdb.spi;

import io.contextdb.spi.internal.Check;

/**
 * Something in a store that is not as it was written, or does not agree with what it was computed from. Immutable.
 *
 * @param place where: file, kind of record, namespace and id, as far as they are known; without content and without secrets
 * @param problem what is wrong there, as a part of a sentence: {@code "checksum differs"}
 * @param repairable whether {@link IntegrityCheck#repair} computes it again from what is whole
 */
public record Damage(String place, String problem, boolean repairable) {
    /** Checks. */
    public Damage {
        Check.text("damage.place", place, 1, 4_096);
        Check.text("damage.problem", problem, 1, 4_096);
    }

    @Override
    public String toString() {
        return place + ": " + problem + (repairable ? " (repairable)" : "");
    }
}
