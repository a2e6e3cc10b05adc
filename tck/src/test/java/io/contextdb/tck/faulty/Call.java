package io.contextdb.tck.faulty;

import io.contextdb.spi.Backend;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call on its way to a healthy backend. Immutable. */
final class Call {
    /** How a call goes on with its arguments. */
    @FunctionalInterface
    interface Next {
        @Nullable
        Object call(@Nullable Object[] arguments);
    }

    private final Backend healthy;
    private final String operation;
    private final Object[] arguments;
    private final Next next;
    private final Next byDefault;

    Call(Backend healthy, String operation, Object[] arguments, Next next, Next byDefault) {
        this.healthy = healthy;
        this.operation = operation;
        this.arguments = arguments;
        this.next = next;
        this.byDefault = byDefault;
    }

    /** Returns the backend that is asked, without fault. */
    Backend healthy() {
        return healthy;
    }

    /** Returns the model and the method: {@code "graph.walk"}, {@code "keys.scan"}; methods of the backend alone. */
    String operation() {
        return operation;
    }

    boolean is(String other) {
        return operation.equals(other);
    }

    /** Returns whether something is read: all but writes, drops and the backend's own methods. */
    boolean isRead() {
        return operation.contains(".") && !operation.equals("namespaces.drop");
    }

    boolean has(Class<?> type) {
        return Arrays.stream(arguments).anyMatch(type::isInstance);
    }

    /** Returns the first argument of a type. */
    <T> T argument(Class<T> type) {
        return Arrays.stream(arguments)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the ids, keys or queries that are asked for: the elements of the first collection, which are of a type. */
    <T> List<T> asked(Class<T> type) {
        Collection<?> asked = argument(Collection.class);
        return asked.stream().<T>map(type::cast).toList();
    }

    ReadScope scope() {
        return argument(ReadScope.class);
    }

    /** Returns a scope to read what a batch is about to change. */
    ReadScope before() {
        return new ReadScope(batch().namespace(), argument(Deadline.class), CommitToken.NONE);
    }

    /** Returns a receipt for a batch that was not applied, which says the same of each mutation. */
    WriteReceipt pretended(MutationResult said) {
        return new WriteReceipt(
                batch().operationId(),
                Collections.nCopies(batch().mutations().size(), said),
                CommitToken.NONE,
                Instant.now());
    }

    WriteBatch batch() {
        return argument(WriteBatch.class);
    }

    /** Returns the same call with another argument in the place of the first of its type. */
    <T> Call with(Class<T> type, T value) {
        Object[] others = arguments.clone();
        for (int i = 0; i < others.length; i++) {
            if (type.isInstance(others[i])) {
                others[i] = value;
                return new Call(healthy, operation, others, next, byDefault);
            }
        }
        throw new IllegalArgumentException(operation + " takes no " + type.getSimpleName());
    }

    /** Returns the same call with everything of a type changed in its arguments. */
    <T> Call rewriting(Class<T> type, Function<T, ?> change) {
        Object[] others = arguments.clone();
        for (int i = 0; i < others.length; i++) {
            others[i] = Rewriting.within(others[i], type, change);
        }
        return new Call(healthy, operation, others, next, byDefault);
    }

    /** Returns the same call that a fault answers when it proceeds. */
    Call answeredBy(Fault fault) {
        return new Call(
                healthy,
                operation,
                arguments,
                others -> fault.answer(new Call(healthy, operation, others, next, byDefault)),
                byDefault);
    }

    /** Goes on to the healthy backend. */
    @Nullable
    Object proceed() {
        return next.call(arguments);
    }

    /** Goes on after the time of a round trip, in which others may come between. */
    Call late() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    /** Goes on, and returns what the operation is known to return. */
    @SuppressWarnings("unchecked")
    <T> T result() {
        return (T) proceed();
    }

    WriteReceipt receipt() {
        return result();
    }

    <T> Page<T> page() {
        return result();
    }

    <T> List<T> list() {
        return result();
    }

    /** Goes on with the default method of the reader's interface, whose own reads meet the fault again. */
    @SuppressWarnings("unchecked")
    <T> T byDefault() {
        return (T) byDefault.call(arguments);
    }
}
