/** The service-provider interface of contextdb: model types, contract interfaces, errors and capabilities. */
// The driver, which is built later, is the only one that checks arguments by the same rules.
@SuppressWarnings("module")
module io.contextdb.spi {
    requires static transitive org.jspecify;

    exports io.contextdb.spi;
    exports io.contextdb.spi.capability;
    exports io.contextdb.spi.document;
    exports io.contextdb.spi.embedding;
    exports io.contextdb.spi.error;
    exports io.contextdb.spi.event;
    exports io.contextdb.spi.filter;
    exports io.contextdb.spi.graph;
    exports io.contextdb.spi.internal to
            io.contextdb.driver;
    exports io.contextdb.spi.journal;
    exports io.contextdb.spi.key;
    exports io.contextdb.spi.value;
    exports io.contextdb.spi.vector;
    exports io.contextdb.spi.write;
}
