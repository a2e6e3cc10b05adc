package io.contextdb.internal.scaled;

/**
 * What a comparison of a copy with the source found.
 *
 * @param missing points that the copy lacks
 * @param stale points of which it has another version
 * @param extra points that it has and the source has not
 */
public record CopyReport(long missing, long stale, long extra) {
    /** Returns how many points differ. */
    public long differences() {
        return missing + stale + extra;
    }
}
