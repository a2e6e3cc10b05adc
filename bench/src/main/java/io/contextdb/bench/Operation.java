package io.contextdb.bench;

/** One call of one side of a comparison. Called by as many threads at once as the comparison has callers. */
@FunctionalInterface
public interface Operation {
    /** Does it once and returns how much it found or changed, so that no compiler can leave the work out. */
    long run() throws Exception;
}
