/** All models of contextdb in the memory of the process: the executable reading of the contract. */
module io.contextdb.backend.memory {
    requires static org.jspecify;
    requires io.contextdb.json;
    requires io.contextdb.spi;
    requires org.pcollections;

    provides io.contextdb.spi.BackendProvider with
            io.contextdb.backend.memory.MemoryBackendProvider;
}
