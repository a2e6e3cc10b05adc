package io.contextdb.backend.postgresql;

import io.contextdb.spi.Damage;
import io.contextdb.spi.IntegrityReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a look at the store has found so far. Not thread-safe. */
final class Findings {
    private final Map<String, Long> checked = new TreeMap<>();
    private final List<Damage> damages = new ArrayList<>();
    private long found;
    private long repairable;

    void checked(String kind, long count) {
        checked.merge(kind, count, Long::sum);
    }

    /**
     * Takes something that is not as it must be.
     *
     * @param repairable whether it is computed from records
     */
    void add(String place, String problem, boolean repairable) {
        more(1, repairable);
        if (damages.size() < IntegrityReport.LISTED) {
            damages.add(new Damage(place, problem, repairable));
        }
    }

    /** Counts what is not listed. */
    void more(long count, boolean areRepairable) {
        found += count;
        repairable += areRepairable ? count : 0;
    }

    IntegrityReport report() {
        return new IntegrityReport(checked, found, repairable, damages);
    }
}
