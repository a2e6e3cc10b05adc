package io.contextdb.tck;

import io.contextdb.tck.concurrency.ConcurrencySuite;
import io.contextdb.tck.concurrency.TailSuite;
import io.contextdb.tck.differential.DifferentialSuite;
import io.contextdb.tck.document.DocumentSuite;
import io.contextdb.tck.event.EventSuite;
import io.contextdb.tck.fault.FaultSuite;
import io.contextdb.tck.general.BadInputSuite;
import io.contextdb.tck.general.GeneralSuite;
import io.contextdb.tck.graph.GraphSuite;
import io.contextdb.tck.graph.WalkSuite;
import io.contextdb.tck.key.KeySuite;
import io.contextdb.tck.memory.MemorySuite;
import io.contextdb.tck.vector.FilterSuite;
import io.contextdb.tck.vector.VectorSuite;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Proves a backend against the contract. Use in five lines:
 *
 * <pre>{@code
 * class MyBackendTest extends ContextDbKit {
 *     @Override
 *     protected String url() {
 *         return "contextdb:mine:…";
 *     }
 * }
 * }</pre>
 *
 * <p>What the backend declares is tested, what it does not declare must be refused. Each test works in namespaces of its own.
 * The report is written to {@code target/contextdb-tck}.
 */
@ExtendWith(KitExtension.class)
public abstract class ContextDbKit {
    /** Returns the URL of an empty store, the same for all tests of the class. */
    protected abstract String url();

    /**
     * Returns where the store listens, if it has an address that the kit may put a proxy before; without one (the default) the
     * faults of a network are skipped.
     */
    protected Optional<NetworkStore> network() {
        return Optional.empty();
    }

    /** Returns what kind of server answers, for the report; by default none, the store runs in the process. */
    protected ServerKind server() {
        return ServerKind.IN_PROCESS;
    }

    /** Returns the name of the report's files. */
    String reportName() {
        return getClass().getSimpleName();
    }

    /** Returns where the report goes. */
    Path reportFolder() {
        return Path.of("target", "contextdb-tck");
    }

    /** Statements about everything. */
    @Nested
    class General extends GeneralSuite {}

    /** Input that must be refused. */
    @Nested
    class BadInput extends BadInputSuite {}

    /** The graph. */
    @Nested
    class Graph extends GraphSuite {}

    /** Walks over the graph. */
    @Nested
    class Walk extends WalkSuite {}

    /** Vector spaces. */
    @Nested
    class Vectors extends VectorSuite {}

    /** The filter language on every model. */
    @Nested
    class Filters extends FilterSuite {}

    /** Keys, limits and caches. */
    @Nested
    class Keys extends KeySuite {}

    /** Events, subscriptions and groups. */
    @Nested
    class Events extends EventSuite {}

    /** Documents and conversations. */
    @Nested
    class Documents extends DocumentSuite {}

    /** Memory on top of the five models. */
    @Nested
    class MemoryOnTop extends MemorySuite {}

    /** Random scripts, with the answers of the memory backend. */
    @Nested
    class Differential extends DifferentialSuite {}

    /** Many threads at once. */
    @Nested
    class Concurrency extends ConcurrencySuite {}

    /** Readers that follow the log. */
    @Nested
    class Tail extends TailSuite {}

    /** Faults of the network. */
    @Nested
    class Faults extends FaultSuite {}
}
