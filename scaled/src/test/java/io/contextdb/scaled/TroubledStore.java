package io.contextdb.scaled;

import io.contextdb.ContextDriverManager;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.value.Deadline;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store in memory, {@code contextdb:troubled:name}, whose calls fail as a test says. */
final class TroubledStore implements BackendProvider, AutoCloseable {
    /** Calls of these names fail, of the store, its journal and its copy. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    private final BackendProvider memory;
    private volatile BiPredicate<String, Object[]> failingToo = (call, arguments) -> false;
    private volatile boolean silent;

    private TroubledStore(BackendProvider memory) {
        this.memory = memory;
    }

    /** Makes URLs of it known until it is closed. */
    static TroubledStore over(BackendProvider memory) {
        TroubledStore store = new TroubledStore(memory);
        ContextDriverManager.register(store);
        return store;
    }

    /** Makes calls of some names fail. */
    void fail(String... calls) {
        failing.addAll(List.of(calls));
    }

    /** Makes those calls fail that a test picks by their names and arguments. */
    void failWhere(BiPredicate<String, Object[]> calls) {
        failingToo = calls;
    }

    /** Makes calls of the copy end without an answer, at their deadlines. */
    void silence() {
        silent = true;
    }

    /** Makes all calls succeed again; those that wait for an answer get it. */
    void recover() {
        silent = false;
        failing.clear();
        failingToo = (call, arguments) -> false;
    }

    @Override
    public String scheme() {
        return "troubled";
    }

    @Override
    public String description() {
        return "a store in memory with trouble";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return memory.options();
    }

    @Override
    public Backend open(BackendConfig config) {
        return troubled(Backend.class, memory.open(config));
    }

    private <T> T troubled(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    if (silent && type == Projection.class) {
                        awaitSound(arguments);
                    }
                    if (failing.contains(method.getName()) || failingToo.test(method.getName(), arguments)) {
                        throw new ContextUnavailableException("it is in trouble");
                    }
                    try {
                        return wrapped(method.invoke(target, arguments));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    private void awaitSound(Object[] arguments) {
        Deadline deadline = Stream.of(arguments)
                .filter(Deadline.class::isInstance)
                .map(Deadline.class::cast)
                .findFirst()
                .orElseThrow();
        while (silent) {
            deadline.check("waiting for an answer");
            Eventually.pause(Duration.ofMillis(5));
        }
    }

    private @Nullable Object wrapped(@Nullable Object result) {
        Object part = result instanceof Optional<?> optional ? optional.orElse(null) : null;
        if (part instanceof Projection copy) {
            return Optional.of(troubled(Projection.class, copy));
        }
        return part instanceof Journal journal ? Optional.of(troubled(Journal.class, journal)) : result;
    }

    @Override
    public void close() {
        ContextDriverManager.deregister(this);
    }
}
