package io.contextdb.tck.faulty;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.vector.VectorReader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Opens backends with a defect: {@code contextdb:faulty:}<i>id</i>. Each call to a healthy backend and to its readers goes
 * through the defect's fault. What a fault throws by mistake is kept: it would look as if the kit had seen something.
 */
final class FaultyBackends implements BackendProvider {
    private static final Set<Class<?>> READERS = Set.of(
            GraphReader.class,
            VectorReader.class,
            KeyReader.class,
            EventReader.class,
            DocumentReader.class,
            NamespaceAdmin.class);

    private final BackendProvider healthy;
    private final Map<String, Defect> defects;
    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();

    FaultyBackends(BackendProvider healthy, Map<String, Defect> defects) {
        this.healthy = healthy;
        this.defects = defects;
    }

    @Override
    public String scheme() {
        return "faulty";
    }

    @Override
    public String description() {
        return "A healthy backend with a defect: contextdb:faulty:<id>.";
    }

    @Override
    public Backend open(BackendConfig config) {
        Defect defect = defects.get(config.location());
        if (defect == null) {
            throw new IllegalArgumentException("no defect '" + config.location() + "'");
        }
        Backend backend = healthy.open(new BackendConfig(healthy.scheme(), "", Map.of(), List.of()));
        return through(
                Backend.class,
                backend,
                "",
                new Opened(defect, backend, defect.fault().get()));
    }

    /** Returns what went wrong in faults themselves. */
    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    private record Opened(Defect defect, Backend backend, Fault fault) {}

    private <T> T through(Class<T> type, Object target, String model, Opened opened) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object[] given = arguments == null ? new Object[0] : arguments;
            if (method.getDeclaringClass() == Object.class) {
                return invoke(method, target, given);
            }
            if (READERS.contains(method.getReturnType())) {
                Object reader = invoke(method, target, given);
                return through(method.getReturnType(), reader, method.getName() + ".", opened);
            }
            Call call = new Call(
                    opened.backend(),
                    model + method.getName(),
                    given,
                    others -> invoke(method, target, others),
                    others -> byDefault(proxy, method, others));
            try {
                return opened.fault().answer(call);
            } catch (ContextException meant) {
                throw meant;
            } catch (RuntimeException mistake) {
                mistakes.add(opened.defect() + " in " + call.operation() + ": " + mistake);
                throw mistake;
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(Method method, Object target, @Nullable Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw unchecked(failed.getCause());
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(hidden);
        }
    }

    private static @Nullable Object byDefault(Object proxy, Method method, @Nullable Object[] arguments) {
        try {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        } catch (Throwable failed) {
            throw unchecked(failed);
        }
    }

    private static RuntimeException unchecked(Throwable failed) {
        if (failed instanceof Error error) {
            throw error;
        }
        return failed instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failed);
    }
}
