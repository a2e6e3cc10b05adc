/** The Qdrant backend: vector spaces in a Qdrant, and copies there of what another store decides. */
module io.contextdb.backend.qdrant {
    requires client;
    requires com.google.common;
    requires com.google.protobuf;
    requires io.contextdb.json;
    requires transitive io.contextdb.spi;
    requires io.grpc;
    requires io.grpc.netty.shaded;
    requires io.grpc.stub;
    requires static org.jspecify;

    exports io.contextdb.backend.qdrant;

    provides io.contextdb.spi.BackendProvider with
            io.contextdb.backend.qdrant.QdrantProvider;
}
