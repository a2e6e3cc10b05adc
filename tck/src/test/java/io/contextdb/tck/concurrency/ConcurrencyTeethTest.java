package io.contextdb.tck.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Defective;
import io.contextdb.tck.KitRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The suites of many threads see the mistakes that only many threads show. */
class ConcurrencyTeethTest {
    @Test
    void aCounterThatIsReadAndThenWritten() {
        Map<String, Long> counters = new ConcurrentHashMap<>();
        String url = Defective.url((name, arguments, real) -> {
            if (name.equals("Backend.apply")
                    && ((WriteBatch) arguments[0]).mutations().get(0) instanceof KeyMutation.Increment add) {
                WriteBatch batch = (WriteBatch) arguments[0];
                String key = batch.namespace() + "/" + add.key();
                long sum = counters.getOrDefault(key, 0L) + add.delta();
                LockSupport.parkNanos(1_000);
                counters.put(key, sum);
                WriteReceipt receipt = (WriteReceipt)
                        real.with(with(arguments, KeyMutation.PutKey.of(add.key(), Bytes.utf8("" + sum))));
                long version = ((MutationResult.Written) receipt.results().get(0)).version();
                return new WriteReceipt(
                        receipt.operationId(),
                        List.of(new MutationResult.Counter(sum, version)),
                        receipt.token(),
                        receipt.committedAt());
            }
            return real.with(arguments);
        });

        assertThat(KitRun.failures(url, "Concurrency"))
                .containsKeys("eachIncrementAnswersANumberOfItsOwn")
                .doesNotContainKey("documentsAreRegisters");
    }

    private static Object[] with(Object[] arguments, Mutation mutation) {
        WriteBatch batch = (WriteBatch) arguments[0];
        Object[] changed = arguments.clone();
        changed[0] = new WriteBatch(batch.namespace(), batch.operationId(), List.of(mutation));
        return changed;
    }

    @Test
    void aReadThatIsSometimesTheOneBefore() {
        Map<Object, Object> before = new ConcurrentHashMap<>();
        AtomicInteger reads = new AtomicInteger();
        String url = Defective.url((name, arguments, real) -> {
            if (!Set.of("KeyReader.get", "DocumentReader.get", "GraphReader.get")
                    .contains(name)) {
                return real.with(arguments);
            }
            Object scope =
                    List.of(name, ((io.contextdb.spi.value.ReadScope) arguments[0]).namespace(), arguments.length);
            Object now = real.with(arguments);
            Object last = before.put(scope, now);
            return last != null && reads.incrementAndGet() % 5 == 0 ? last : now;
        });

        assertThat(KitRun.failures(url, "Concurrency"))
                .containsKeys("keysAreRegisters", "documentsAreRegisters", "nodesAreRegisters")
                .containsKeys("aTokenShowsTheWriteAndReadsNeverGoBack");
    }

    @Test
    void aFingerprintThatIsLookedUpBeforeItIsTaken() {
        AtomicInteger inside = new AtomicInteger();
        String url = Defective.url((name, arguments, real) -> {
            boolean alone = inside.incrementAndGet() == 1;
            try {
                if (name.equals("Backend.apply")
                        && !alone
                        && ((WriteBatch) arguments[0]).mutations().get(0) instanceof GraphMutation.PutNode put) {
                    return real.with(with(
                            arguments,
                            new GraphMutation.PutNode(
                                    put.draft(), put.condition(), GraphMutation.Fingerprints.SHARED)));
                }
                LockSupport.parkNanos(100_000);
                return real.with(arguments);
            } finally {
                inside.decrementAndGet();
            }
        });

        assertThat(KitRun.failures(url, "Concurrency"))
                .containsKeys("ofManyWhoClaimAFingerprintOneGetsIt", "whoeverComesTooLateIsToldWhoHoldsTheFingerprint");
    }

    @Test
    void anEventThatShowsLaterThanItsSuccessor() {
        Map<EventPosition, Long> hidden = new ConcurrentHashMap<>();
        String url = Defective.url((name, arguments, real) -> {
            Object answer = real.with(arguments);
            if (name.equals("Backend.apply")
                    && ((WriteBatch) arguments[0]).mutations().size() > 3) {
                MutationResult first = ((WriteReceipt) answer).results().get(0);
                if (first instanceof MutationResult.Appended appended) {
                    hidden.put(appended.position(), System.nanoTime() + 5_000_000);
                }
            }
            if (name.equals("EventReader.read")) {
                return ((List<?>) answer)
                        .stream()
                                .map(Event.class::cast)
                                .filter(event -> hidden.getOrDefault(event.position(), 0L) - System.nanoTime() < 0)
                                .collect(Collectors.toList());
            }
            return answer;
        });

        assertThat(KitRun.failures(url, "Tail")).containsKeys("aTailSkipsNothingOfSlowCommitters");
    }

    @Test
    void theSuitesPassWithoutADefect() {
        String url = Defective.url((name, arguments, real) -> real.with(arguments));

        assertThat(Arrays.asList("Concurrency", "Tail"))
                .allSatisfy(suite -> assertThat(KitRun.failures(url, suite)).isEmpty());
    }
}
