package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plain puts, which have a script of their own and share its calls, against the script of all batches. */
class PutsTest {
    private static final NamespaceName NAMESPACE = NamespaceName.of("n");
    private static final String SUBJECT = "somebody";

    private OwnServer server;
    private FaultProxy proxy;
    private Backend backend;

    @BeforeEach
    void open() {
        server = new OwnServer();
        proxy = new FaultProxy("127.0.0.1", server.port());
        backend = TestServer.open("contextdb:redis://127.0.0.1:" + proxy.port());
        apply(NAMESPACE, PutKey.of("first", Bytes.EMPTY));
        apply(NAMESPACE, PutKey.of("first", Bytes.EMPTY));
    }

    @AfterEach
    void close() {
        backend.close();
        proxy.close();
        server.close();
    }

    private WriteReceipt apply(WriteBatch batch) {
        return backend.apply(batch, Deadline.after(Duration.ofSeconds(30)));
    }

    private WriteReceipt apply(NamespaceName namespace, Mutation... mutations) {
        return apply(WriteBatch.of(namespace, List.of(mutations)));
    }

    private static long version(WriteReceipt receipt) {
        return ((MutationResult.Written) receipt.results().get(0)).version();
    }

    private long calls() {
        String statistics = server.raw(redis -> redis.info("commandstats"));
        return statistics
                .lines()
                .filter(line -> line.startsWith("cmdstat_evalsha:"))
                .map(line -> line.replaceAll(".*?calls=(\\d+).*", "$1"))
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("patience").isNegative();
            Thread.onSpinWait();
        }
    }

    /** Starts callers while the server hears nothing, and lets it hear once all of them wait. */
    private <T> List<FutureTask<T>> together(List<Callable<T>> calls) {
        proxy.stall();
        List<FutureTask<T>> tasks = calls.stream().map(FutureTask::new).toList();
        List<Thread> threads =
                tasks.stream().map(task -> Thread.ofVirtual().start(task)).toList();
        await(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        proxy.flow();
        return tasks;
    }

    @Test
    void bothScriptsLeaveTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        NamespaceName plain = NamespaceName.of("plain");
        NamespaceName general = NamespaceName.of("general");
        // A batch of two goes by the script of all batches; deleting what is not there changes nothing.
        KeyMutation nothing = new KeyMutation.DeleteKey("none", Condition.none());
        for (int i = 0; i < 200; i++) {
            String key = "k" + random.nextInt(6);
            PutKey put = PutKey.of(key, Bytes.utf8("v" + i));
            Mutation mutation = switch (random.nextInt(8)) {
                case 0 -> put.about(SUBJECT);
                case 1, 2 -> put.expiringAfter(Duration.ofHours(1 + random.nextInt(3)));
                case 3 -> put.about(SUBJECT).expiringAfter(Duration.ofHours(1));
                case 4 -> new KeyMutation.DeleteKey(key, Condition.none());
                default -> put;
            };
            WriteReceipt one = apply(plain, mutation);
            WriteReceipt other = apply(general, mutation, nothing);
            assertThat(one.results().get(0))
                    .as("seed " + seed)
                    .isEqualTo(other.results().get(0));
            assertThat(kept(plain)).as("seed " + seed).isEqualTo(kept(general));
        }
    }

    /** What stands in the keys of a namespace, without times. */
    private Map<String, String> kept(NamespaceName namespace) {
        String root = "contextdb:{" + namespace.value() + "}";
        return server.raw(redis -> {
            Map<String, String> kept = new TreeMap<>();
            for (String key : redis.keys(root + ":k:*")) {
                String value = redis.get(key).replaceFirst("^(\\d+) [1-9]\\d+ ", "$1 expires ");
                kept.put(key.substring(root.length()), value + (redis.pttl(key) > 0 ? " expires" : ""));
            }
            kept.put("index", redis.zrange(root + ":index", 0, -1).toString());
            kept.put("about", redis.zrange(root + ":about", 0, -1).toString());
            List<String> ends = new ArrayList<>(redis.zrange(root + ":expiry", 0, -1));
            Collections.sort(ends);
            kept.put("expiry", ends.toString());
            kept.put("floor", String.valueOf(redis.hget(root, "floor")));
            kept.put("due", String.valueOf(redis.hexists(root, "due")));
            return kept;
        });
    }

    @Test
    void aRepeatedPutHasTheFirstReceiptAndAnotherBatchIsRefused() {
        WriteBatch batch = WriteBatch.of(NAMESPACE, List.of(PutKey.of("k", Bytes.utf8("1"))));
        WriteReceipt first = apply(batch);
        apply(NAMESPACE, PutKey.of("k", Bytes.utf8("2")));

        assertThat(apply(batch)).isEqualTo(first);
        WriteBatch other = new WriteBatch(NAMESPACE, batch.operationId(), List.of(PutKey.of("k", Bytes.utf8("3"))));
        assertThatThrownBy(() -> apply(other))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
        assertThat(version(apply(NAMESPACE, PutKey.of("k", Bytes.EMPTY)))).isEqualTo(3);
    }

    /** Puts the same key so often at the same time, and returns by how many calls. */
    private long callsForPutsAtOnce(int count, Bytes value) throws Exception {
        long before = calls();
        Callable<WriteReceipt> put = () -> apply(NAMESPACE, PutKey.of("shared", value));
        List<Long> versions = new ArrayList<>();
        List<Long> commits = new ArrayList<>();
        for (FutureTask<WriteReceipt> done : together(Collections.nCopies(count, put))) {
            versions.add(version(done.get()));
            commits.add(done.get().token().commit());
        }
        assertThat(commits).doesNotHaveDuplicates();
        assertThat(versions).doesNotHaveDuplicates().hasSize(count).contains(1L, (long) count);
        return calls() - before;
    }

    @Test
    void putsThatWaitTogetherShareACallAndEachHasItsOwnCommit() throws Exception {
        assertThat(callsForPutsAtOnce(20, Bytes.EMPTY))
                .as("the first alone, the others together")
                .isEqualTo(2);
    }

    @Test
    void manyThatWaitMakeACallWhileOthersAreUnderWay() throws Exception {
        assertThat(callsForPutsAtOnce(100, Bytes.EMPTY))
                .as("the first alone, four times 24 beside it, and the last 3")
                .isEqualTo(6);
    }

    @Test
    void aCallHasAMebibyteOfValuesAtMost() throws Exception {
        assertThat(callsForPutsAtOnce(20, Bytes.of(new byte[300_000])))
                .as("the first alone, six times three, and the last")
                .isEqualTo(8);
    }

    @Test
    void aValueOfMoreThanAMebibyteHasACallOfItsOwn() throws Exception {
        assertThat(callsForPutsAtOnce(3, Bytes.of(new byte[2_000_000]))).isEqualTo(3);
    }

    @Test
    void oneThatFailsLeavesTheOthersAlone() throws Exception {
        server.raw(redis -> redis.sadd("contextdb:{n}:k:foreign", "something else's"));
        WriteBatch repeated = WriteBatch.of(NAMESPACE, List.of(PutKey.of("repeated", Bytes.EMPTY)));
        List<Callable<WriteReceipt>> puts = new ArrayList<>();
        puts.add(() -> apply(NAMESPACE, PutKey.of("alone", Bytes.EMPTY)));
        for (int i = 0; i < 10; i++) {
            puts.add(() -> apply(NAMESPACE, PutKey.of("shared", Bytes.EMPTY)));
            puts.add(() -> apply(repeated));
        }
        puts.add(() -> apply(NAMESPACE, PutKey.of("foreign", Bytes.EMPTY)));
        List<FutureTask<WriteReceipt>> done = together(puts);

        for (FutureTask<WriteReceipt> put : done.subList(0, done.size() - 1)) {
            assertThat(version(put.get())).isPositive();
        }
        assertThat(version(apply(NAMESPACE, PutKey.of("shared", Bytes.EMPTY)))).isEqualTo(11);
        assertThat(version(apply(NAMESPACE, PutKey.of("repeated", Bytes.EMPTY))))
                .isEqualTo(2);
        assertThatThrownBy(() -> done.getLast().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CorruptDataException.class);
    }

    @Test
    void putsThatWaitAreLostWithTheirConnection() throws Exception {
        List<Callable<Boolean>> puts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            puts.add(() -> {
                WriteBatch batch = WriteBatch.of(NAMESPACE, List.of(PutKey.of(key, Bytes.EMPTY)));
                try {
                    apply(batch);
                } catch (ContextUnavailableException lost) {
                    // Whatever became of the first try, the batch is applied once.
                    await(() -> applied(batch));
                }
                return version(apply(batch)) == 1;
            });
        }
        proxy.stall();
        List<FutureTask<Boolean>> tasks = puts.stream().map(FutureTask::new).toList();
        List<Thread> threads =
                tasks.stream().map(task -> Thread.ofVirtual().start(task)).toList();
        await(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        proxy.cut();
        proxy.flow();

        for (FutureTask<Boolean> task : tasks) {
            assertThat(task.get()).isTrue();
        }
    }

    private boolean applied(WriteBatch batch) {
        try {
            apply(batch);
            return true;
        } catch (ContextUnavailableException down) {
            return false;
        }
    }
}
