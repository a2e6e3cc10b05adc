package io.contextdb.tck.report;

import java.util.Locale;

/** How a test, or all tests of a statement, ended. */
public enum Outcome {
    /** It holds. */
    PASSED,
    /** It does not hold. */
    FAILED,
    /** It was not tested, for a reason. */
    SKIPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
