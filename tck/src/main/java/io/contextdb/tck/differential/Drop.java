package io.contextdb.tck.differential;

/** Drops the namespace; what was applied before, versions and positions are kept in mind, as they must not come back. */
record Drop() implements Action {
    @Override
    public Object run(Side side) {
        side.namespace().drop();
        return "dropped";
    }

    @Override
    public String java(Side side) {
        return side.variable() + ".drop();";
    }
}
