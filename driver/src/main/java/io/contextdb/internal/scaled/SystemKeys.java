package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What drivers that share the stores tell each other: keys of a namespace of the source that applications do not see. Thread-safe. */
final class SystemKeys {
    /** The namespace; reserved. */
    static final NamespaceName NAMESPACE = NamespaceName.of("contextdb.system");

    private final Backend source;

    SystemKeys(Backend source) {
        this.source = source;
    }

    Optional<KeyEntry> get(String key, Deadline deadline) {
        return source.keys().get(scope(deadline), List.of(key)).stream().findFirst();
    }

    Page<KeyEntry> scan(String prefix, PageRequest page, Deadline deadline) {
        return source.keys().scan(scope(deadline), prefix, page);
    }

    void put(String key, String value, Deadline deadline) {
        apply(KeyMutation.PutKey.of(key, Bytes.utf8(value)), deadline);
    }

    /** Puts a value that expires; false, and nothing is changed, if the condition does not hold. */
    boolean put(String key, String value, Duration ttl, Condition condition, Deadline deadline) {
        return tried(
                KeyMutation.PutKey.of(key, Bytes.utf8(value)).expiringAfter(ttl).onlyIf(condition), deadline);
    }

    /** Puts a value that stays; false, and nothing is changed, if the condition does not hold. */
    boolean put(String key, String value, Condition condition, Deadline deadline) {
        return tried(KeyMutation.PutKey.of(key, Bytes.utf8(value)).onlyIf(condition), deadline);
    }

    void delete(String key, Condition condition, Deadline deadline) {
        apply(new KeyMutation.DeleteKey(key, condition.orSkip()), deadline);
    }

    private boolean tried(KeyMutation mutation, Deadline deadline) {
        try {
            apply(mutation, deadline);
            return true;
        } catch (PreconditionFailedException other) {
            return false;
        }
    }

    private void apply(KeyMutation mutation, Deadline deadline) {
        source.apply(WriteBatch.of(NAMESPACE, List.of(mutation)), deadline);
    }

    private static ReadScope scope(Deadline deadline) {
        return new ReadScope(NAMESPACE, deadline, CommitToken.NONE);
    }
}
