package io.contextdb.bench.peers;

import java.util.List;
import java.util.UUID;

/** What all of them can do. For one caller. */
interface PeerStore extends AutoCloseable {
    /** Returns what the tables call it. */
    String name();

    /** Adds points, which the next search finds. */
    void add(List<Stored> points) throws Exception;

    /** Returns the ids of the 10 nearest, of a bucket if it is not negative. */
    List<UUID> search(float[] query, int bucket) throws Exception;

    /** Removes points. */
    void delete(List<UUID> ids) throws Exception;
}
