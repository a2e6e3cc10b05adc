package io.contextdb.backend.postgresql;

/**
 * Whose rows a script may see and touch. Told to the server with the script, for the length of its transaction, where
 * row-level security is on; statements that reach further fail or find nothing.
 *
 * @param told what the server is told; empty if nothing is
 */
record Reach(String told) {
    /** For statements about no namespace's rows, and for stores without row-level security. */
    static final Reach UNTOLD = new Reach("");

    /** For work that spans namespaces. */
    static final Reach EVERYWHERE = new Reach("*");

    /** Binds what is told. */
    static final String TELL = "SELECT set_config('contextdb.namespace', ?, TRUE)";

    static Reach of(int namespace) {
        return new Reach(Integer.toString(namespace));
    }

    boolean isTold() {
        return !told.isEmpty();
    }
}
