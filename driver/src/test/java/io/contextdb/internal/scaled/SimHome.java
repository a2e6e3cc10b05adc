package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A home of keys that answers late, does not answer, answers and is not heard, and loses what it wrote last. */
final class SimHome implements Backend, Participant {
    private record Value(String text, long version) {}

    private record Held(UUID operation, Instant since) {}

    /** A namespace as stored. */
    static final class State {
        final Map<String, Value> keys = new TreeMap<>();
        final Map<UUID, WriteReceipt> applied = new TreeMap<>();

        @Nullable
        Held held;

        @Nullable
        Watermark mark;

        long commits;
    }

    private final SimScheduler scheduler;
    private final SimLog<State> log = new SimLog<>(State::new);
    private boolean faulty;
    private int downUntil;
    private int crashes;
    private boolean servesAtOnce;

    SimHome(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    void crash(int lost) {
        log.lose(lost);
        crashes++;
        downUntil = scheduler.steps() + 10;
        scheduler.pass(Duration.ofSeconds(1));
    }

    /** Begins to fail; before, nothing goes wrong. */
    void fail() {
        faulty = true;
    }

    void heal() {
        faulty = false;
        downUntil = 0;
    }

    /** Returns a value as stored, 0 if there is none. */
    long number(String key) {
        Value value = log.state().keys.get(key);
        return value == null ? 0 : Long.parseLong(value.text());
    }

    /** Returns a value as stored, "" if there is none. */
    String text(String key) {
        Value value = log.state().keys.get(key);
        return value == null ? "" : value.text();
    }

    boolean isHeld() {
        return log.state().held != null;
    }

    private <T> T call(Supplier<T> work) {
        scheduler.yield();
        if (scheduler.steps() < downUntil || (faulty && scheduler.random().nextInt(60) == 0)) {
            throw new ContextUnavailableException("the home does not answer");
        }
        T answer = work.get();
        scheduler.yield();
        if (faulty && scheduler.random().nextInt(60) == 0) {
            throw new ContextUnavailableException("the home's answer was lost", Outcome.UNKNOWN, null);
        }
        return answer;
    }

    String life() {
        return "life " + crashes;
    }

    /** A home serves once its watermark was written in its present life. */
    private void checkServed() {
        if (!isServed() && !servesAtOnce) {
            throw new ContextUnavailableException("the home was restarted");
        }
    }

    void servesAtOnce() {
        servesAtOnce = true;
    }

    boolean isServed() {
        Watermark mark = log.state().mark;
        return mark != null && mark.incarnation().equals(life());
    }

    private void checkLife(String life) {
        if (!life.equals(life())) {
            throw new ContextUnavailableException("the home was restarted since");
        }
    }

    private void checkHeld(@Nullable UUID mine) {
        Held held = log.state().held;
        if (held != null && !held.operation().equals(mine)) {
            throw new ContextHeldException(held.operation(), Duration.between(held.since(), scheduler.instant()));
        }
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        return call(() -> {
            checkServed();
            checkHeld(null);
            return commit(batch, false);
        });
    }

    private WriteReceipt commit(WriteBatch batch, boolean decided) {
        WriteReceipt first = log.state().applied.get(batch.operationId());
        if (first != null) {
            return first;
        }
        List<MutationResult> results = new ArrayList<>();
        Map<String, Value> keys = new TreeMap<>(log.state().keys);
        for (Mutation mutation : batch.mutations()) {
            results.add(apply(keys, mutation, results.size(), decided));
        }
        long number = log.state().commits + 1;
        WriteReceipt receipt =
                new WriteReceipt(batch.operationId(), results, new CommitToken(0, number, 0), scheduler.instant());
        log.write(state -> {
            state.keys.clear();
            state.keys.putAll(keys);
            state.applied.put(batch.operationId(), receipt);
            state.commits = number;
            if (state.held != null && state.held.operation().equals(batch.operationId())) {
                state.held = null;
            }
        });
        return receipt;
    }

    private static MutationResult apply(Map<String, Value> keys, Mutation mutation, int index, boolean decided) {
        KeyMutation key = (KeyMutation) mutation;
        Value old = keys.get(key.key());
        long version = old == null ? 0 : old.version();
        Condition condition = mutation instanceof KeyMutation.PutKey put ? put.condition() : Condition.none();
        if (!decided) {
            condition.admits(index, version, key.key());
        }
        String text = mutation instanceof KeyMutation.Increment increment
                ? Long.toString((old == null ? 0 : Long.parseLong(old.text())) + increment.delta())
                : ((KeyMutation.PutKey) mutation).value().utf8();
        keys.put(key.key(), new Value(text, version + 1));
        return new MutationResult.Written(version + 1);
    }

    @Override
    public Hold hold(WriteBatch batch, Deadline deadline) {
        return call(() -> {
            checkServed();
            checkHeld(batch.operationId());
            if (log.state().held != null) {
                return new Hold(Hold.State.FOUND, life());
            }
            if (log.state().applied.containsKey(batch.operationId())) {
                return new Hold(Hold.State.APPLIED, life());
            }
            Map<String, Value> keys = new TreeMap<>(log.state().keys);
            for (int i = 0; i < batch.mutations().size(); i++) {
                apply(keys, batch.mutations().get(i), i, false);
            }
            Held held = new Held(batch.operationId(), scheduler.instant());
            log.write(state -> state.held = held);
            return new Hold(Hold.State.TAKEN, life());
        });
    }

    @Override
    public WriteReceipt finish(WriteBatch batch, Deadline deadline) {
        return call(() -> {
            checkServed();
            return finished(batch);
        });
    }

    @Override
    public WriteReceipt restore(WriteBatch batch, String incarnation, Deadline deadline) {
        return call(() -> {
            checkLife(incarnation);
            return finished(batch);
        });
    }

    private WriteReceipt finished(WriteBatch batch) {
        WriteReceipt first = log.state().applied.get(batch.operationId());
        if (first == null) {
            checkHeld(batch.operationId());
        }
        return first == null ? commit(batch, true) : first;
    }

    @Override
    public Hold hold(NamespaceDrop drop, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void finish(NamespaceDrop drop, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void restore(NamespaceDrop drop, String incarnation, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(NamespaceName namespace, UUID operationId, Deadline deadline) {
        call(() -> {
            Held held = log.state().held;
            if (held != null && held.operation().equals(operationId)) {
                log.write(state -> state.held = null);
            }
            return true;
        });
    }

    @Override
    public String incarnation(Deadline deadline) {
        return call(this::life);
    }

    @Override
    public Optional<Watermark> watermark(Deadline deadline) {
        return call(() -> Optional.ofNullable(log.state().mark));
    }

    @Override
    public boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        return call(() -> {
            checkLife(to.incarnation());
            boolean moves = Objects.equals(log.state().mark, from);
            if (moves) {
                log.write(state -> state.mark = to);
            }
            return moves;
        });
    }

    @Override
    public KeyReader keys() {
        return new KeyReader() {
            @Override
            public List<KeyEntry> get(ReadScope scope, Collection<String> asked) {
                return call(() -> {
                    checkServed();
                    checkHeld(null);
                    return asked.stream()
                            .filter(log.state().keys::containsKey)
                            .map(key -> entry(key, log.state().keys.get(key)))
                            .toList();
                });
            }

            @Override
            public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static KeyEntry entry(String key, Value value) {
        return new KeyEntry(key, Bytes.utf8(value.text()), value.version(), null);
    }

    @Override
    public BackendInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public NamespaceAdmin namespaces() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Health health(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
