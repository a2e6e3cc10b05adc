/** Exact JSON for the property maps of contextdb. */
module io.contextdb.json {
    requires com.fasterxml.jackson.core;
    requires transitive io.contextdb.spi;
    requires static transitive org.jspecify;

    exports io.contextdb.json;
}
