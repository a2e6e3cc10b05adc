package io.contextdb.internal.scaled;

import io.contextdb.ErasureReport.Finding;
import io.contextdb.VerifyReport;
import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.IntegrityCheck;
import io.contextdb.spi.IntegrityReport;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several stores as one: sends each model's calls to its store, and batches of several stores through {@link CrossWrites}. */
public final class ScaledBackend implements Backend {
    private final Stores stores;
    private final Journal journal;
    private final Tokens tokens;
    private final Settlement settlement;
    private final CrossWrites crossWrites;
    private final Followers followers;
    private final BackendInfo info;
    private final ScaledNamespaces namespaces;
    private final @Nullable KeyReader keys;
    private final @Nullable EventReader events;
    private final @Nullable VectorReader vectors;

    ScaledBackend(Stores stores, ScaledSettings settings) {
        this.stores = stores;
        this.journal = stores.journal();
        this.tokens = new Tokens(stores.source());
        this.settlement = new Settlement(journal, Pauses.SLEEPING);
        this.crossWrites = new CrossWrites(stores, settlement, Pauses.SLEEPING);
        this.info = CombinedInfo.of(stores);
        this.namespaces = new ScaledNamespaces(stores, tokens, new CrossDrops(stores, settlement, Pauses.SLEEPING));
        this.followers = new Followers(stores, settings, settlement);
        this.keys = stores.keys()
                .map(home -> (KeyReader) new HomeKeys(home, tokens, settlement))
                .orElse(null);
        this.events = stores.events()
                .map(home -> (EventReader) new HomeEvents(home, tokens, settlement))
                .orElse(null);
        this.vectors = followers.vectors().orElse(null);
        followers.start();
    }

    @Override
    public BackendInfo info() {
        return info;
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        if (batch.namespace().equals(SystemKeys.NAMESPACE)) {
            throw new InvalidRequestException("namespace", SystemKeys.NAMESPACE + " is the driver's own");
        }
        Split split = Split.of(batch, stores);
        followers.admit(batch, deadline);
        if (split.isHomeAlone()) {
            return applyAtHome(batch, split.homes().keySet().iterator().next(), deadline);
        }
        WriteReceipt receipt = split.isSourceAlone()
                ? journal.apply(batch, Bytes.EMPTY, deadline)
                : crossWrites.apply(batch, split, deadline);
        tokens.saw(receipt.token());
        followers.committed(batch, deadline);
        return receipt;
    }

    private WriteReceipt applyAtHome(WriteBatch batch, Home home, Deadline deadline) {
        WriteReceipt receipt = settlement.call(
                home, batch.namespace(), deadline, () -> home.backend().apply(batch, deadline));
        return new WriteReceipt(
                batch.operationId(),
                receipt.results(),
                tokens.atHome(batch.operationId(), receipt.token()),
                receipt.committedAt());
    }

    @Override
    public GraphReader graph() {
        return stores.source().graph();
    }

    @Override
    public VectorReader vectors() {
        return vectors == null ? stores.source().vectors() : vectors;
    }

    @Override
    public KeyReader keys() {
        return keys == null ? stores.source().keys() : keys;
    }

    @Override
    public EventReader events() {
        return events == null ? stores.source().events() : events;
    }

    @Override
    public DocumentReader documents() {
        return stores.source().documents();
    }

    @Override
    public NamespaceAdmin namespaces() {
        return namespaces;
    }

    /** Asks every store; the source and the homes must answer, a copy need not. */
    @Override
    public Health health(Deadline deadline) {
        return CombinedHealth.of(stores, followers, deadline);
    }

    /** Returns what each store still has of what was erased, by its name. */
    public Map<String, Finding> verifyErasure(ReadScope scope, Collection<UUID> ids) {
        return new ErasureProof(stores, tokens, settlement, followers).of(scope, ids);
    }

    /** Compares a copy with the source, and looks at all that each store keeps, where a store can. */
    public VerifyReport verify(Deadline deadline) {
        return new VerifyReport(followers.verify(deadline), integrity(check -> check.verify(deadline)));
    }

    /** Computes again what stores can, and then brings the copies to what the source has. */
    public VerifyReport repair(Deadline deadline) {
        Map<String, IntegrityReport> stored = integrity(check -> check.repair(deadline));
        return new VerifyReport(followers.repair(deadline), stored);
    }

    private Map<String, IntegrityReport> integrity(Function<IntegrityCheck, IntegrityReport> call) {
        Map<String, IntegrityReport> reports = new TreeMap<>();
        stores.byOption()
                .forEach((option, store) ->
                        store.integrity().ifPresent(check -> reports.put(option, call.apply(check))));
        return reports;
    }

    @Override
    public void close() {
        followers.close();
        stores.all().forEach(Backend::close);
    }
}
