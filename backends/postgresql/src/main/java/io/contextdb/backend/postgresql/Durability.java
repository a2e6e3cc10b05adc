package io.contextdb.backend.postgresql;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether what the server acknowledges survives its crash, which settings of the server decide.
 *
 * @param fsync setting of this name
 * @param fullPages setting {@code full_page_writes}
 * @param commits setting {@code synchronous_commit}
 */
record Durability(String fsync, String fullPages, String commits) {
    /** Columns that give it. */
    static final String COLUMNS =
            "current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";

    /** Returns the settings by which it does not, for people; empty if it does. */
    String weakness() {
        List<String> weak = new ArrayList<>();
        if (!fsync.equals("on")) {
            weak.add("fsync = " + fsync);
        }
        if (!fullPages.equals("on")) {
            weak.add("full_page_writes = " + fullPages);
        }
        if (commits.equals("off")) {
            weak.add("synchronous_commit = off");
        }
        return String.join(", ", weak);
    }
}
