package io.contextdb.tck;

/** What answered while the kit ran; the report says it, since a result is worth no more than what gave it. */
public enum ServerKind {
    /** The store runs in the process of the tests; there is no server. */
    IN_PROCESS("none, it runs in the process"),
    /** The product's own server, started on this machine for the run. */
    LOCAL("a local server"),
    /** The product as its users run it: a cluster, a service. */
    REAL("a real server"),
    /** The product's own engine, but not its server: a front that was written for tests answers for it. */
    ENGINE_BEHIND_FRONT("the product's engine behind a front for tests"),
    /** Something that speaks the product's protocol, but is not the product. */
    PROTOCOL_DOUBLE("a double of the protocol");

    private final String text;

    ServerKind(String text) {
        this.text = text;
    }

    /** Returns it in words. */
    public String text() {
        return text;
    }
}
