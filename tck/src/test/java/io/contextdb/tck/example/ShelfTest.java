package io.contextdb.tck.example;

import io.contextdb.ContextDriverManager;
import io.contextdb.tck.ContextDbKit;

/** What the stranger adds to their build: one class. */
class ShelfTest extends ContextDbKit {
    @Override
    protected String url() {
        ContextDriverManager.register(new Shelf.Provider("shelf", "Keys on a shelf in the heap: contextdb:shelf:"));
        return "contextdb:shelf:";
    }
}
