/** The embedded backend: all five models in one directory, without a server. */
module io.contextdb.backend.embedded {
    requires com.github.benmanes.caffeine;
    requires io.contextdb.json;
    requires transitive io.contextdb.spi;
    requires java.sql;
    requires org.apache.lucene.core;
    requires static org.jspecify;
    requires org.xerial.sqlitejdbc;

    exports io.contextdb.backend.embedded;

    provides io.contextdb.spi.BackendProvider with
            io.contextdb.backend.embedded.EmbeddedProvider;
}
