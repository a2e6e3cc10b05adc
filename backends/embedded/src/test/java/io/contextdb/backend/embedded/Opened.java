package io.contextdb.backend.embedded;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A store that a test opened, with the calls that tests make. */
record Opened(EmbeddedBackend backend) implements AutoCloseable {
    static final NamespaceName SPACE = NamespaceName.of("test");

    static Opened in(Path directory) {
        return in(directory, Map.of());
    }

    static Opened in(Path directory, Map<String, String> options) {
        return at(directory.toString(), options);
    }

    /** Opens what a URL with that location means. */
    static Opened at(String location, Map<String, String> options) {
        BackendConfig config = new BackendConfig("embedded", location, options, List.of());
        return new Opened((EmbeddedBackend) new EmbeddedProvider().open(config));
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    ReadScope scope() {
        return new ReadScope(SPACE, soon(), CommitToken.NONE);
    }

    WriteReceipt apply(Mutation... mutations) {
        return backend.apply(WriteBatch.of(SPACE, List.of(mutations)), soon());
    }

    WriteReceipt apply(List<? extends Mutation> mutations) {
        return backend.apply(WriteBatch.of(SPACE, mutations), soon());
    }

    Store store() {
        return backend.store();
    }

    @Override
    public void close() {
        backend.close();
    }
}
