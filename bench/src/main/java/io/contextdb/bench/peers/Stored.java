package io.contextdb.bench.peers;

import java.util.UUID;

/**
 * A point as every store takes it.
 *
 * @param id its id
 * @param vector the embedding; not changed by anyone
 * @param text what was embedded
 * @param bucket what filters ask for
 */
// A record for the sake of its accessors; nobody compares two.
@SuppressWarnings("ArrayRecordComponent")
record Stored(UUID id, float[] vector, String text, int bucket) {}
