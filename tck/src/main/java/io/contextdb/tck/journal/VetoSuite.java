package io.contextdb.tck.journal;

import static io.contextdb.tck.journal.JournalTrial.deadline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Batches that are decided unless a key of another namespace is there. */
public abstract class VetoSuite {
    private static Mutation key(String key) {
        return KeyMutation.PutKey.of(key, Bytes.utf8("v"));
    }

    @Test
    @Proves("S9")
    void aVetoKeepsABatchFromBeingAppliedButNotFromBeingRepeated(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            NamespaceName rules = NamespaceName.of(kit.name());
            List<Veto> vetoes = List.of(new Veto(rules, "absent"), new Veto(rules, "stop"));
            WriteBatch before = WriteBatch.of(trial.namespace(), List.of(key("k")));
            WriteBatch after = WriteBatch.of(trial.namespace(), List.of(key("l")));
            Bytes note = Bytes.utf8("note");
            WriteReceipt first = trial.journal().apply(before, note, vetoes, deadline());
            trial.apply(rules, key("stop"));

            assertThatThrownBy(() -> trial.journal().apply(after, note, vetoes, deadline()))
                    .isInstanceOfSatisfying(
                            ContextConflictException.class,
                            refused -> assertThat(refused.outcome()).isEqualTo(Outcome.NOT_APPLIED));
            assertThat(trial.journal().apply(before, note, vetoes, deadline())).isEqualTo(first);
            assertThat(trial.journal().entry(trial.namespace(), after.operationId(), deadline()))
                    .isEmpty();

            trial.apply(rules, new KeyMutation.DeleteKey("stop", Condition.none()));
            trial.journal().apply(after, note, vetoes, deadline());
        }
    }

    /** What was applied without the veto comes before what is written after it. */
    @Test
    @Proves("S9")
    void whoPutsAVetoFindsWhatWasAppliedWithoutItBeforeHisOwnEntry(Kit kit) {
        int writers = 3;
        try (JournalTrial trial = JournalTrial.open(kit)) {
            NamespaceName rules = NamespaceName.of(kit.name());
            List<Veto> vetoes = List.of(new Veto(rules, "stop"));
            List<NamespaceName> namespaces = Stream.generate(() -> NamespaceName.of(kit.name()))
                    .limit(writers)
                    .toList();
            AtomicInteger applied = new AtomicInteger();
            WriteBatch mark = WriteBatch.of(rules, List.of(key("mark")));
            List<List<UUID>> written = kit.together(writers + 1, thread -> {
                List<UUID> operations = new ArrayList<>();
                if (thread == 0) {
                    kit.await("batches are applied", () -> applied.get() > 20 * writers);
                    trial.apply(rules, key("stop"));
                    trial.journal().apply(mark, Bytes.utf8("mark"), deadline());
                    return operations;
                }
                while (true) {
                    WriteBatch batch = WriteBatch.of(namespaces.get(thread - 1), List.of(key("k")));
                    try {
                        trial.journal().apply(batch, Bytes.utf8("note"), vetoes, deadline());
                        operations.add(batch.operationId());
                        applied.incrementAndGet();
                    } catch (ContextConflictException stopped) {
                        return operations;
                    }
                }
            });

            JournalPosition position = trial.journal()
                    .entry(rules, mark.operationId(), deadline())
                    .orElseThrow()
                    .position();
            for (int i = 0; i < writers; i++) {
                for (UUID operation : written.get(i + 1)) {
                    assertThat(trial.journal()
                                    .entry(namespaces.get(i), operation, deadline())
                                    .orElseThrow()
                                    .position())
                            .isLessThan(position);
                }
            }
        }
    }
}
