package io.contextdb.spi;

import io.contextdb.spi.value.Deadline;

/**
 * Looks at all that a store keeps, and computes again what can be computed: checksums, relations between records that must agree,
 * indexes, and counts that are kept beside records. The store may be read and written meanwhile; what is committed meanwhile may
 * or may not be looked at, and is never reported as damage. Takes as long as it takes to read the store. Thread-safe.
 */
public interface IntegrityCheck {
    /**
     * Looks at everything and changes nothing.
     *
     * @throws io.contextdb.spi.error.ContextTimeoutException if the deadline passes before all was looked at
     */
    IntegrityReport verify(Deadline deadline);

    /**
     * Looks at everything and computes again what can be computed from records that are whole; harmless to repeat and to stop.
     * Records that are damaged stay as they are.
     *
     * @return what was found before it was mended
     * @throws io.contextdb.spi.error.ContextTimeoutException if the deadline passes before all was done; what was done stays
     */
    IntegrityReport repair(Deadline deadline);
}
