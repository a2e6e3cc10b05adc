package io.contextdb.tck;

/** The memory backend against the contract. */
class MemoryKitTest extends ContextDbKit {
    @Override
    protected String url() {
        return "contextdb:memory:";
    }
}
