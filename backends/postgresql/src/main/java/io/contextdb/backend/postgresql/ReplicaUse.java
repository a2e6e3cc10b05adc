package io.contextdb.backend.postgresql;

/** Whether standbys are read from. */
enum ReplicaUse {
    /** The primary answers everything. */
    OFF,
    /** A standby answers where it can. */
    PREFER
}
