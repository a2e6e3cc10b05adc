package io.contextdb.tck;

/** The memory backend against the contract. */
class MemoryKitTest extends ContextDbKit {
    @Override
    protected String url() {
        // Some tests open the store a second time.
        return "contextdb:memory:kit";
    }
}
