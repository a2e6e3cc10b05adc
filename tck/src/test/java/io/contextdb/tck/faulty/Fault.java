package io.contextdb.tck.faulty;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What goes wrong in the calls of a backend; most faults are made of the small ones here. */
@FunctionalInterface
interface Fault {
    /** Answers a call wrongly, or lets it {@link Call#proceed}. */
    @Nullable
    Object answer(Call call);

    /** Nothing goes wrong. */
    static Fault none() {
        return Call::proceed;
    }

    /** Something goes wrong in one operation, such as {@code graph.walk} or {@code apply}. */
    static Fault in(String operation, Fault fault) {
        return call -> call.is(operation) ? fault.answer(call) : call.proceed();
    }

    /** Something goes wrong in one operation, where an argument of a type is given. */
    static Fault in(String operation, Class<?> given, Fault fault) {
        return in(operation, call -> call.has(given) ? fault.answer(call) : call.proceed());
    }

    /** Everything of a type is written differently. */
    static <T> Fault written(Class<T> type, UnaryOperator<T> change) {
        return in("apply", call -> call.rewriting(type, change).proceed());
    }

    /** Mutations of a type become others. */
    static <T> Fault replaced(Class<T> type, Function<T, ?> change) {
        return in("apply", call -> call.rewriting(type, change).proceed());
    }

    /** Receipts say something else about a mutation. */
    static Fault receipt(BiFunction<Mutation, MutationResult, MutationResult> change) {
        return in("apply", call -> {
            WriteReceipt receipt = call.receipt();
            List<MutationResult> results = new ArrayList<>();
            for (int i = 0; i < receipt.results().size(); i++) {
                results.add(change.apply(
                        call.batch().mutations().get(i), receipt.results().get(i)));
            }
            return new WriteReceipt(receipt.operationId(), results, receipt.token(), receipt.committedAt());
        });
    }

    /** Some mutations are not applied, though the receipt says that they were. */
    static Fault lost(Predicate<Mutation> which, Function<Mutation, MutationResult> said) {
        return in("apply", call -> {
            List<Mutation> all = call.batch().mutations();
            List<Mutation> kept = all.stream().filter(which.negate()).toList();
            if (kept.size() == all.size()) {
                return call.proceed();
            }
            WriteBatch left = new WriteBatch(
                    call.batch().namespace(), call.batch().operationId(), kept.isEmpty() ? NOTHING : kept);
            WriteReceipt receipt = call.with(WriteBatch.class, left).receipt();
            Iterator<MutationResult> done = receipt.results().iterator();
            List<MutationResult> results = all.stream()
                    .map(mutation -> which.test(mutation) ? said.apply(mutation) : done.next())
                    .toList();
            return new WriteReceipt(receipt.operationId(), results, receipt.token(), receipt.committedAt());
        });
    }

    /** A batch that changes nothing. */
    List<Mutation> NOTHING = List.of(new KeyMutation.Expire("\u0001 no such key", Duration.ofDays(1)));

    /** Reads ask for something else wherever they ask for something of a type. */
    static <T> Fault asked(Class<T> type, UnaryOperator<T> change) {
        return call -> call.isRead() ? call.rewriting(type, change).proceed() : call.proceed();
    }

    /** One operation asks for something else. */
    static <T> Fault asked(String operation, Class<T> type, UnaryOperator<T> change) {
        return in(operation, asked(type, change));
    }

    /** Every answer shows things of a type differently, receipts included; null leaves them out of lists. */
    static <T> Fault seen(Class<T> type, Function<T, @Nullable T> change) {
        return call -> Rewriting.within(call.proceed(), type, change);
    }

    /** The answers of one operation show things of a type differently; null leaves them out of lists. */
    static <T> Fault seen(String operation, Class<T> type, Function<T, @Nullable T> change) {
        return in(operation, seen(type, change));
    }

    /** Answers leave out what does not pass. */
    static <T> Fault hidden(String operation, Class<T> type, Predicate<T> hidden) {
        return in(operation, seen(type, value -> hidden.test(value) ? null : value));
    }

    /** The list, page or other answer of one operation is changed as a whole. */
    static <T> Fault answered(String operation, UnaryOperator<T> change) {
        return in(operation, call -> change.apply(call.result()));
    }

    /** The lists in the answer of one operation, pages included, are changed as a whole. */
    static <T> Fault listed(String operation, UnaryOperator<List<T>> change) {
        return in(operation, call -> Rewriting.items(call.proceed(), change));
    }

    /** An error is kept quiet, and something is answered instead. */
    static <E extends ContextException> Fault quiet(
            String operation, Class<E> error, Predicate<E> which, Function<Call, @Nullable Object> instead) {
        return in(operation, call -> {
            try {
                return call.proceed();
            } catch (ContextException failed) {
                if (error.isInstance(failed) && which.test(error.cast(failed))) {
                    return instead.apply(call);
                }
                throw failed;
            }
        });
    }

    /** Several things go wrong. */
    default Fault and(Fault other) {
        return call -> other.answer(call.answeredBy(this));
    }
}
