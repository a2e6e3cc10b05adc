/** The backend that keeps all models in one PostgreSQL with pgvector. */
module io.contextdb.backend.postgresql {
    requires com.zaxxer.hikari;
    requires io.contextdb.json;
    requires io.contextdb.spi;
    requires java.sql;
    requires flyway.core;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires static org.checkerframework.checker.qual;
    requires static org.jspecify;

    opens io.contextdb.backend.postgresql.migration;

    provides io.contextdb.spi.BackendProvider with
            io.contextdb.backend.postgresql.PostgresProvider;
}
