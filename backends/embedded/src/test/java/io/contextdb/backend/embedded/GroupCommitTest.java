package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
    private static final int BATCHES = 400;

    @TempDir
    Path directory;

    @Test
    void concurrentBatchesShareTransactionsAndAPoisonedOneHarmsNoOther() throws Exception {
        try (Opened opened = Opened.in(directory);
                ExecutorService threads = Executors.newFixedThreadPool(16)) {
            opened.apply(KeyMutation.PutKey.of("taken", Bytes.EMPTY));
            long before = opened.store().transactions();
            List<Future<Object>> outcomes = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++) {
                int n = i;
                outcomes.add(threads.submit(() -> n % 10 == 0 ? poisoned(opened, n) : good(opened, n)));
            }
            Set<Long> commits = new HashSet<>();
            for (int i = 0; i < BATCHES; i++) {
                if (i % 10 == 0) {
                    assertThat(outcomes.get(i).get()).isInstanceOf(PreconditionFailedException.class);
                } else {
                    commits.add(((WriteReceipt) outcomes.get(i).get()).token().commit());
                }
            }
            assertThat(commits).hasSize(BATCHES * 9 / 10);
            assertThat(opened.store().transactions() - before).isLessThan(BATCHES * 9 / 10);
            assertThat(opened.backend().namespaces().statistics(opened.scope()).keys())
                    .isEqualTo(BATCHES * 9 / 10 + 1);
        }
    }

    private static Object good(Opened opened, int n) {
        return opened.apply(KeyMutation.PutKey.of("good" + n, Bytes.EMPTY));
    }

    /** Writes something first, which must be undone. */
    private static Object poisoned(Opened opened, int n) {
        try {
            return opened.apply(
                    KeyMutation.PutKey.of("poisoned" + n, Bytes.EMPTY),
                    KeyMutation.PutKey.of("taken", Bytes.EMPTY).onlyIf(Condition.absent()));
        } catch (ContextException refused) {
            return refused;
        }
    }

    @Test
    void anOperationIdOfAnotherBatchIsRefused() {
        try (Opened opened = Opened.in(directory)) {
            WriteBatch first = WriteBatch.of(Opened.SPACE, List.of(new KeyMutation.Increment("n", 1)));
            WriteReceipt receipt = opened.backend().apply(first, Opened.soon());
            assertThat(opened.backend().apply(first, Opened.soon())).isEqualTo(receipt);
            WriteBatch other =
                    new WriteBatch(Opened.SPACE, first.operationId(), List.of(new KeyMutation.Increment("n", 2)));
            assertThatThrownBy(() -> opened.backend().apply(other, Opened.soon()))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
            assertThat(opened.backend().keys().get(opened.scope(), List.of("n")))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.value().utf8()).isEqualTo("1"));
        }
    }
}
