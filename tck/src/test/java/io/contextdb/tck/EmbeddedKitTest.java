package io.contextdb.tck;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The embedded backend against the contract. */
class EmbeddedKitTest extends ContextDbKit {
    @TempDir
    static Path directory;

    @Override
    protected String url() {
        return "contextdb:embedded:" + directory.resolve("store");
    }
}
