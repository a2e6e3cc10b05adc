package io.contextdb.tck;

/** Several stores as one against the contract: one decides, one copies the vectors, one is home to keys and events. */
class ScaledKitTest extends ContextDbKit {
    @Override
    protected String url() {
        return "contextdb:scaled:?graph=memory:scaled-graph&vectors=memory:scaled-copy&keys=memory:scaled-home"
                + "&events=memory:scaled-home";
    }
}
