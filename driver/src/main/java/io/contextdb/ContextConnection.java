package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Paging;
import io.contextdb.internal.call.Session;
import io.contextdb.internal.scaled.ScaledBackend;
import io.contextdb.spi.Health;
import io.contextdb.spi.IntegrityCheck;
import io.contextdb.spi.IntegrityReport;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A session with a store: light, and for many threads at once (contract G13). It reads its own writes (G7): the newest commit
 * that it made or was shown is its token, which every read must see.
 */
public final class ContextConnection implements AutoCloseable {
    private final Session session;
    private final Runnable onClose;
    private final AsyncConnection async;

    ContextConnection(Session session, Runnable onClose) {
        this.session = session;
        this.onClose = onClose;
        this.async = new AsyncConnection(this, session.running());
    }

    /** Returns a namespace, which need not exist yet: 1 to 128 characters of {@code [A-Za-z0-9._-]} (G1). */
    public Namespace namespace(String name) {
        session.info();
        return new Namespace(session, NamespaceName.of(name));
    }

    /** Returns the names of the namespaces that hold something, in order. */
    public Stream<String> namespaces() {
        return Paging.stream(page -> session.call(
                        "namespaces.list",
                        (backend, deadline) -> backend.namespaces().list(page, deadline)))
                .map(NamespaceName::value);
    }

    /** Returns what this is connected to; does no I/O. */
    public ConnectionInfo info() {
        return new ConnectionInfo(url(), DriverVersion.VALUE, session.info());
    }

    /** Asks the store how it is. */
    public Health health() {
        return session.call("health", (backend, deadline) -> backend.health(deadline));
    }

    /**
     * Looks at all that the store keeps: checksums, records that must agree, indexes, and counts that are kept beside records. Of several
     * stores each that can is looked at, and what they copy of each other is compared, while they are written; what stays different although
     * it had time to be copied is counted. Changes nothing. Takes as long as the stores need to read what they have; the connection's
     * time-out must allow for that.
     *
     * @throws io.contextdb.spi.error.UnsupportedCapabilityException if the URL is of a single store that leaves such checks to its server
     */
    public VerifyReport verify() {
        return checked("verify", ScaledBackend::verify, IntegrityCheck::verify);
    }

    /**
     * Looks as {@link #verify} does, computes again what can be computed from whole records (indexes, counts), and brings copies to what
     * they copy. Damaged records stay as they are. Harmless to repeat and to stop.
     *
     * @return what was found before it was mended
     * @throws io.contextdb.spi.error.UnsupportedCapabilityException if the URL is of a single store that leaves such checks to its server
     */
    public VerifyReport repair() {
        return checked("repair", ScaledBackend::repair, IntegrityCheck::repair);
    }

    private VerifyReport checked(
            String operation,
            BiFunction<ScaledBackend, Deadline, VerifyReport> several,
            BiFunction<IntegrityCheck, Deadline, IntegrityReport> single) {
        return session.call(operation, (backend, deadline) -> {
            if (backend instanceof ScaledBackend scaled) {
                return several.apply(scaled, deadline);
            }
            IntegrityCheck check = backend.integrity()
                    .orElseThrow(() -> new UnsupportedCapabilityException(
                            operation, backend.info().product()));
            return new VerifyReport(Map.of(), Map.of(session.store().url().scheme(), single.apply(check, deadline)));
        });
    }

    /** Returns the newest commit that this connection has seen, to be shown to another (G7). */
    public CommitToken token() {
        return session.token();
    }

    /** Makes every later read of this connection see a commit of another (G7). */
    public void present(CommitToken token) {
        session.present(Arguments.required("token", token));
    }

    /** Returns the same connection with another time-out for its calls; closing either closes both. */
    public ContextConnection withTimeout(Duration timeout) {
        return new ContextConnection(session.withTimeout(timeout), onClose);
    }

    /** Returns the asynchronous view: calls on virtual threads, at most {@value AsyncConnection#MAX_CALLS} at once. */
    public AsyncConnection async() {
        session.info();
        return async;
    }

    /** Returns the URL, its secrets hidden. */
    public String url() {
        return session.store().url().redacted();
    }

    /** Returns whether the connection was closed. */
    public boolean isClosed() {
        return session.isClosed();
    }

    /** Ends the connection: later calls fail, asynchronous ones and subscriptions end. Does nothing the second time. */
    @Override
    public void close() {
        if (session.close()) {
            onClose.run();
        }
    }
}
