package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.Deadline;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckReply;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What answers.
 *
 * @param product what it calls itself
 * @param version its version
 */
record Server(String product, String version) {
    /** What the server's own health check says. */
    private static final String TITLE = "qdrant - vector search engine";

    private static final Pattern NUMBERS = Pattern.compile("(?<major>\\d{1,4})\\.(?<minor>\\d{1,6}).*");
    private static final int INSERT_ONLY = 17;
    private static final int LASTING_CONDITIONS = 19;

    static Server ask(Link link, Deadline deadline) {
        HealthCheckReply reply = link.service(
                "health check", deadline, service -> service.healthCheck(HealthCheckRequest.getDefaultInstance()));
        return new Server(reply.getTitle().equals(TITLE) ? "Qdrant" : reply.getTitle(), reply.getVersion());
    }

    /** Refuses a server that this backend cannot work with: it needs inserts that leave what is there. */
    void check() {
        if (!atLeast(INSERT_ONLY)) {
            throw new UnsupportedCapabilityException(
                    "VECTORS (needs Qdrant 1." + INSERT_ONLY + " or newer)", product + " " + version);
        }
    }

    /** Returns whether a conditional change stays what it was when its log is read again after a crash. */
    boolean keepsConditions() {
        return atLeast(LASTING_CONDITIONS);
    }

    private boolean atLeast(int minor) {
        Matcher numbers = NUMBERS.matcher(version);
        return numbers.matches()
                && (Integer.parseInt(numbers.group("major")) > 1
                        || (Integer.parseInt(numbers.group("major")) == 1
                                && Integer.parseInt(numbers.group("minor")) >= minor));
    }
}
