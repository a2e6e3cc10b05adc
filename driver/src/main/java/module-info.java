/** The driver of contextdb: URLs, connections, units of work, and memory over any backend. */
module io.contextdb.driver {
    requires transitive io.contextdb.spi;
    requires static micrometer.observation;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.contextdb;
    exports io.contextdb.memory;

    uses io.contextdb.spi.BackendProvider;
    uses io.contextdb.spi.embedding.EmbedderProvider;
}
