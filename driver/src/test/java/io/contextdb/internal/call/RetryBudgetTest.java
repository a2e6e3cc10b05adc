package io.contextdb.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is spent was earned, also by many threads. */
class RetryBudgetTest {
    @Test
    void itBeginsFullAndHoldsNoMore() {
        RetryBudget budget = new RetryBudget();
        for (int i = 0; i < 1_000; i++) {
            budget.earn();
        }

        assertThat(spent(budget)).isEqualTo(20);
        assertThat(budget.spend()).isFalse();
    }

    @Test
    void tenCallsEarnARetry() {
        RetryBudget budget = new RetryBudget();
        spent(budget);
        // One more than ten: a tenth is not a number of base two.
        for (int i = 0; i < 11; i++) {
            assertThat(budget.spend()).isFalse();
            budget.earn();
        }

        assertThat(spent(budget)).isEqualTo(1);
    }

    private static int spent(RetryBudget budget) {
        int spent = 0;
        while (budget.spend()) {
            spent++;
        }
        return spent;
    }

    @Test
    void manyThreadsSpendWhatTheyEarned() throws Exception {
        int threads = 8;
        int each = 1_000_000;
        RetryBudget budget = new RetryBudget();
        spent(budget);
        CyclicBarrier start = new CyclicBarrier(threads);
        long spent = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(() -> {
                    start.await();
                    int own = 0;
                    for (int n = 0; n < each; n++) {
                        budget.earn();
                        own += budget.spend() ? 1 : 0;
                    }
                    return own;
                }));
            }
            for (Future<Integer> own : all) {
                spent += own.get();
            }
        }

        // Each earning is spent as soon as it makes a whole; at the end less than one is left, and some of it lost to
        // rounding.
        assertThat(spent + spent(budget)).isBetween((long) threads * each / 10 - 1, (long) threads * each / 10);
    }
}
