package io.contextdb;

/**
 * What a comparison of a copy with the store that decides found.
 *
 * @param missing points that the copy lacks
 * @param stale points of which it has another version
 * @param extra points that it has and the store that decides has not
 */
public record CopyReport(long missing, long stale, long extra) {
    /** Returns how many points differ. */
    public long differences() {
        return missing + stale + extra;
    }
}
