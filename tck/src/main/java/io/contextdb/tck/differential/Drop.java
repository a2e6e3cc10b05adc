package io.contextdb.tck.differential;

/** Drops the namespace. */
record Drop() implements Action {
    @Override
    public Object run(Side side) {
        side.namespace().drop();
        side.dropped();
        return "dropped";
    }

    @Override
    public String java(Side side) {
        return side.variable() + ".drop();";
    }
}
