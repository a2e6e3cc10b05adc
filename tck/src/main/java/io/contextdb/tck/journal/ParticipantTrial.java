package io.contextdb.tck.journal;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A store that can take part in batches of another, and a namespace of a test's own in it.
 *
 * @param backend the store
 * @param participant its part
 * @param namespace the namespace
 */
record ParticipantTrial(Backend backend, Participant participant, NamespaceName namespace) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Takes the store under test; one that takes no part has its test skipped. */
    static ParticipantTrial of(Kit kit) {
        return of(kit, kit.backend(), NamespaceName.of(kit.name()));
    }

    /** Returns the same in another namespace. */
    ParticipantTrial in(NamespaceName other) {
        return new ParticipantTrial(backend, participant, other);
    }

    static ParticipantTrial of(Kit kit, Backend backend, NamespaceName namespace) {
        Optional<Participant> participant;
        try {
            participant = backend.participant();
        } catch (UnsupportedCapabilityException refused) {
            participant = Optional.empty();
        }
        Assumptions.assumeTrue(
                participant.isPresent(), () -> kit.info().product() + " takes no part in batches of other stores");
        return new ParticipantTrial(backend, participant.get(), namespace);
    }

    static Deadline deadline() {
        return Deadline.after(PATIENCE);
    }

    ReadScope scope() {
        return new ReadScope(namespace, deadline(), CommitToken.NONE);
    }

    WriteBatch batch(Mutation... mutations) {
        return WriteBatch.of(namespace, List.of(mutations));
    }

    WriteReceipt apply(Mutation... mutations) {
        return backend.apply(batch(mutations), deadline());
    }

    Participant.Hold hold(WriteBatch batch) {
        return participant.hold(batch, deadline());
    }

    WriteReceipt finish(WriteBatch batch) {
        return participant.finish(batch, deadline());
    }

    void release(WriteBatch batch) {
        participant.release(namespace, batch.operationId(), deadline());
    }

    void drop() {
        backend.namespaces().drop(namespace, deadline());
    }

    static KeyMutation.PutKey put(String key, String value) {
        return KeyMutation.PutKey.of(key, Bytes.utf8(value));
    }

    static KeyMutation.PutKey put(String key, String value, Condition condition) {
        return put(key, value).onlyIf(condition);
    }

    /** Returns the text of a key; empty if it is absent. */
    String value(String key) {
        List<KeyEntry> found = backend.keys().get(scope(), List.of(key));
        return found.isEmpty() ? "" : found.get(0).value().utf8();
    }

    /** Returns whether the namespace is listed. */
    boolean isListed() {
        List<NamespaceName> all = new ArrayList<>();
        String cursor = "";
        do {
            var page = backend.namespaces().list(new PageRequest(100, cursor), deadline());
            all.addAll(page.items());
            cursor = page.next();
        } while (!cursor.isEmpty());
        return all.contains(namespace);
    }
}
