package io.contextdb.tck.concurrency;

import io.contextdb.Namespace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Random calls of many threads on one register, recorded with what each answer allows. Thread-safe. */
final class RegisterHistory {
    /**
     * What the register must hold.
     *
     * @param version its version; 0 while it is absent
     * @param value its value; "" while it is absent
     * @param highest highest version it ever had
     */
    record State(long version, String value, long highest) {
        static final State ABSENT = new State(0, "", 0);
    }

    private final Namespace namespace;
    private final Register register;
    private final List<Call<State>> calls = new CopyOnWriteArrayList<>();

    RegisterHistory(Namespace namespace, Register register) {
        this.namespace = namespace;
        this.register = register;
    }

    /** Returns why the calls so far cannot be right; empty if they can. */
    Optional<String> violation() {
        return Linearizability.violation(calls, State.ABSENT);
    }

    /** Makes random calls, as one of many threads. */
    void call(int thread, int count, Random random) {
        long known = 0;
        for (int i = 0; i < count; i++) {
            String value = thread + "." + i;
            known = switch (random.nextInt(8)) {
                case 0, 1, 2 -> read(thread);
                case 3 -> write(thread, value, Condition.none());
                case 4 -> write(thread, value, Condition.absent().orSkip());
                case 5 -> delete(thread, Condition.none());
                default ->
                    write(
                            thread,
                            value,
                            known == 0
                                    ? Condition.none()
                                    : Condition.version(known).orSkip());
            };
        }
    }

    private long read(int thread) {
        long begin = System.nanoTime();
        Optional<Register.Held> held = register.read();
        long version = held.map(Register.Held::version).orElse(0L);
        String value = held.map(Register.Held::value).orElse("");
        record(
                begin,
                thread + " read → " + held.map(Object::toString).orElse("absent"),
                state -> state.version() == version && state.value().equals(value)
                        ? Optional.of(state)
                        : Optional.empty());
        return version;
    }

    private long write(int thread, String value, Condition condition) {
        long begin = System.nanoTime();
        MutationResult result = apply(register.write(value, condition));
        String text = thread + " put " + value + " if " + condition.kind() + " " + condition.version() + " → " + result;
        if (result instanceof MutationResult.Written written) {
            record(begin, text, state -> written(state, written.version(), value, condition));
            return written.version();
        }
        return skipped(begin, text, result, condition);
    }

    private Optional<State> written(State state, long version, String value, Condition condition) {
        boolean rises = register.countsVersions() ? version == state.highest() + 1 : version > state.highest();
        return rises && condition.holds(state.version())
                ? Optional.of(new State(version, value, version))
                : Optional.empty();
    }

    private long skipped(long begin, String text, MutationResult result, Condition condition) {
        long current = ((MutationResult.Skipped) result).currentVersion();
        record(
                begin,
                text,
                state -> state.version() == current && !condition.holds(current)
                        ? Optional.of(state)
                        : Optional.empty());
        return current;
    }

    private long delete(int thread, Condition condition) {
        Optional<Mutation> delete = register.delete(condition);
        if (delete.isEmpty()) {
            return read(thread);
        }
        long begin = System.nanoTime();
        long count = ((MutationResult.Removed) apply(delete.get())).count();
        record(
                begin,
                thread + " delete → " + count,
                state -> (state.version() == 0) == (count == 0)
                        ? Optional.of(new State(0, "", state.highest()))
                        : Optional.empty());
        return 0;
    }

    private MutationResult apply(Mutation mutation) {
        return namespace.batch().add(mutation).apply().results().get(0);
    }

    private void record(long begin, String text, Function<State, Optional<State>> effect) {
        calls.add(new Call<>(begin, System.nanoTime(), text, effect));
    }
}
