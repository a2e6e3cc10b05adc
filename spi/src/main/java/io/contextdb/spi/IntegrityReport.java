package io.contextdb.spi;

import io.contextdb.spi.internal.Check;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a look at all of a store found. Immutable.
 *
 * @param checked how many of each kind were looked at: {@code "pages"}, {@code "documents"}, {@code "counts of texts"}
 * @param found how many damages there are
 * @param repairable how many of these {@link IntegrityCheck#repair} computes again
 * @param damages the first {@value #LISTED} of them at most
 */
public record IntegrityReport(Map<String, Long> checked, long found, long repairable, List<Damage> damages) {
    /** How many damages a report lists at most. */
    public static final int LISTED = 1_000;

    /** Checks and copies. */
    public IntegrityReport {
        Check.notNull("integrity.checked", checked);
        Map<String, Long> copy = new TreeMap<>();
        checked.forEach((kind, count) -> copy.put(
                Check.text("integrity.checked", kind, 1, 128),
                Check.range("integrity." + kind, count, 0, Long.MAX_VALUE)));
        checked = Collections.unmodifiableMap(copy);
        damages = Check.list("integrity.damages", damages, LISTED);
        Check.range("integrity.found", found, damages.size(), Long.MAX_VALUE);
        Check.range("integrity.repairable", repairable, 0, found);
    }

    /** Returns whether nothing is damaged. */
    public boolean isSound() {
        return found == 0;
    }

    /** Returns whether {@link IntegrityCheck#repair} mends all that is damaged. */
    public boolean isRepairable() {
        return found == repairable;
    }
}
