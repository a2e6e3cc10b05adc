package io.contextdb.tck;

import java.nio.file.Path;
import java.util.Optional;

/** The kit on a URL that is given at run time, as {@link KitRunner} sets it. */
final class UrlKit extends ContextDbKit {
    /** What the run in progress is about. */
    record Target(
            String url, ServerKind server, String reportName, Path reportFolder, Optional<NetworkStore> network) {}

    private static volatile Target target =
            new Target("", ServerKind.IN_PROCESS, "kit", Path.of("contextdb-tck"), Optional.empty());

    static void aim(Target at) {
        target = at;
    }

    @Override
    protected String url() {
        return target.url();
    }

    @Override
    protected ServerKind server() {
        return target.server();
    }

    @Override
    protected Optional<NetworkStore> network() {
        return target.network();
    }

    @Override
    String reportName() {
        return target.reportName();
    }

    @Override
    Path reportFolder() {
        return target.reportFolder();
    }
}
