package io.contextdb.backend.embedded;

import io.contextdb.spi.value.Deadline;

/**
 * One consistent state of the records, as one read sees it.
 *
 * @param database the connection, within a read transaction
 * @param namespace interned id of the namespace that is read; 0 if it was never written
 * @param commit number of the last commit in it
 * @param now what "now" means for the read, in microseconds
 * @param deadline when the read must have ended
 */
record Snapshot(Database database, long namespace, long commit, long now, Deadline deadline) {}
