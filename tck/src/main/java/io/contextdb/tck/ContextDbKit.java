package io.contextdb.tck;

import io.contextdb.tck.concurrency.ConcurrencySuite;
import io.contextdb.tck.concurrency.InterruptSuite;
import io.contextdb.tck.concurrency.TailSuite;
import io.contextdb.tck.differential.DifferentialSuite;
import io.contextdb.tck.document.ConversationSuite;
import io.contextdb.tck.document.DocumentSuite;
import io.contextdb.tck.document.FindSuite;
import io.contextdb.tck.event.AggregateSuite;
import io.contextdb.tck.event.AverageSuite;
import io.contextdb.tck.event.GroupSuite;
import io.contextdb.tck.event.LatestSuite;
import io.contextdb.tck.event.LogSuite;
import io.contextdb.tck.event.SubscriptionSuite;
import io.contextdb.tck.fault.FaultSuite;
import io.contextdb.tck.general.BadInputSuite;
import io.contextdb.tck.general.BatchSuite;
import io.contextdb.tck.general.ConditionSuite;
import io.contextdb.tck.general.ConnectionSuite;
import io.contextdb.tck.general.LimitSuite;
import io.contextdb.tck.general.NamespaceSuite;
import io.contextdb.tck.general.OrderSuite;
import io.contextdb.tck.general.PagingSuite;
import io.contextdb.tck.general.ValueSuite;
import io.contextdb.tck.graph.DiffSuite;
import io.contextdb.tck.graph.EdgeSuite;
import io.contextdb.tck.graph.ErasureSuite;
import io.contextdb.tck.graph.IdentitySuite;
import io.contextdb.tck.graph.NodeSuite;
import io.contextdb.tck.graph.TimeSuite;
import io.contextdb.tck.graph.WalkSuite;
import io.contextdb.tck.journal.JournalSuite;
import io.contextdb.tck.journal.ParticipantSuite;
import io.contextdb.tck.journal.ProjectionSuite;
import io.contextdb.tck.journal.VetoSuite;
import io.contextdb.tck.key.CacheSuite;
import io.contextdb.tck.key.CacheWaitSuite;
import io.contextdb.tck.key.CounterSuite;
import io.contextdb.tck.key.ExpirySuite;
import io.contextdb.tck.key.KeySuite;
import io.contextdb.tck.key.LimiterSuite;
import io.contextdb.tck.memory.RetrievalSuite;
import io.contextdb.tck.memory.UpkeepSuite;
import io.contextdb.tck.memory.WriteSuite;
import io.contextdb.tck.text.HostileTextSuite;
import io.contextdb.tck.vector.FilterSuite;
import io.contextdb.tck.vector.PointSuite;
import io.contextdb.tck.vector.RemovedTextSuite;
import io.contextdb.tck.vector.SearchSuite;
import io.contextdb.tck.vector.SpaceSuite;
import io.contextdb.tck.vector.TextSuite;
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

    /** Connections. */
    @Nested
    class Connections extends ConnectionSuite {}

    /** Namespaces. */
    @Nested
    class Namespaces extends NamespaceSuite {}

    /** Batches. */
    @Nested
    class Batches extends BatchSuite {}

    /** Conditions, on every model. */
    @Nested
    class Conditions extends ConditionSuite {}

    /** Values and instants, on every model. */
    @Nested
    class Values extends ValueSuite {}

    /** Lists, on every model. */
    @Nested
    class Paging extends PagingSuite {}

    /** What is asked for by ids, and the order of lists. */
    @Nested
    class Orders extends OrderSuite {}

    /** Exactly at a limit, and one past it. */
    @Nested
    class Limits extends LimitSuite {}

    /** Input that must be refused. */
    @Nested
    class BadInput extends BadInputSuite {}

    /** Texts that are hard to keep, in every place. */
    @Nested
    class HostileTexts extends HostileTextSuite {}

    /** Nodes. */
    @Nested
    class Nodes extends NodeSuite {}

    /** The two axes of time. */
    @Nested
    class Times extends TimeSuite {}

    /** Edges. */
    @Nested
    class Edges extends EdgeSuite {}

    /** Walks over the graph. */
    @Nested
    class Walk extends WalkSuite {}

    /** Sources and fingerprints. */
    @Nested
    class Identities extends IdentitySuite {}

    /** Diffs and scans. */
    @Nested
    class Diffs extends DiffSuite {}

    /** Erasure. */
    @Nested
    class Erasure extends ErasureSuite {}

    /** Vector spaces. */
    @Nested
    class Spaces extends SpaceSuite {}

    /** Points. */
    @Nested
    class Points extends PointSuite {}

    /** Vector search. */
    @Nested
    class Searches extends SearchSuite {}

    /** Text search. */
    @Nested
    class Texts extends TextSuite {}

    /** Texts that are gone, and texts without words. */
    @Nested
    class RemovedTexts extends RemovedTextSuite {}

    /** The filter language on every model. */
    @Nested
    class Filters extends FilterSuite {}

    /** Keys. */
    @Nested
    class Keys extends KeySuite {}

    /** Times to live. */
    @Nested
    class Expiry extends ExpirySuite {}

    /** Counters. */
    @Nested
    class Counters extends CounterSuite {}

    /** Limiters. */
    @Nested
    class Limiters extends LimiterSuite {}

    /** Caches. */
    @Nested
    class Caches extends CacheSuite {}

    /** Callers of caches that wait. */
    @Nested
    class CacheWaits extends CacheWaitSuite {}

    /** The event log. */
    @Nested
    class Log extends LogSuite {}

    /** The event log from its end. */
    @Nested
    class Latest extends LatestSuite {}

    /** Subscriptions. */
    @Nested
    class Subscriptions extends SubscriptionSuite {}

    /** Consumer groups. */
    @Nested
    class Groups extends GroupSuite {}

    /** Figures over events. */
    @Nested
    class Aggregates extends AggregateSuite {}

    /** Sums and averages. */
    @Nested
    class Averages extends AverageSuite {}

    /** Documents. */
    @Nested
    class Documents extends DocumentSuite {}

    /** Finding documents. */
    @Nested
    class Finds extends FindSuite {}

    /** Conversations. */
    @Nested
    class Conversations extends ConversationSuite {}

    /** Writing memories. */
    @Nested
    class MemoryWrites extends WriteSuite {}

    /** Retrieving memories. */
    @Nested
    class MemoryRetrieval extends RetrievalSuite {}

    /** Keeping memories. */
    @Nested
    class MemoryUpkeep extends UpkeepSuite {}

    /** Random scripts, with the answers of the memory backend. */
    @Nested
    class Differential extends DifferentialSuite {}

    /** Many threads at once. */
    @Nested
    class Concurrency extends ConcurrencySuite {}

    /** Interrupted threads. */
    @Nested
    class Interrupts extends InterruptSuite {}

    /** Readers that follow the log. */
    @Nested
    class Tail extends TailSuite {}

    /** The journal that other stores follow. */
    @Nested
    class Journals extends JournalSuite {}

    /** What keeps a batch from being decided. */
    @Nested
    class Vetoes extends VetoSuite {}

    /** Batches that another store decides. */
    @Nested
    class Participants extends ParticipantSuite {}

    /** Copies of another store's vectors. */
    @Nested
    class Projections extends ProjectionSuite {}

    /** Faults of the network. */
    @Nested
    class Faults extends FaultSuite {}
}
