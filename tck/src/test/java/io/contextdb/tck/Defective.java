package io.contextdb.tck;

import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.vector.VectorReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory backends with a defect, for tests of the kit itself: what cannot fail proves nothing. */
public final class Defective {
    /** What is wrong. */
    @FunctionalInterface
    public interface Defect {
        /**
         * Answers a call.
         *
         * @param name the interface and method: {@code Backend.apply}, {@code GraphReader.walk}
         * @param arguments its arguments
         * @param real calls the memory backend with the arguments
         */
        Object call(String name, Object[] arguments, Real real) throws Throwable;
    }

    /** The call that a defect stands before. */
    @FunctionalInterface
    public interface Real {
        /** Calls the memory backend. */
        Object with(Object[] arguments) throws Throwable;
    }

    private static final Set<Class<?>> READERS =
            Set.of(GraphReader.class, VectorReader.class, KeyReader.class, EventReader.class, DocumentReader.class);

    private static final AtomicInteger SCHEMES = new AtomicInteger();

    private record Provider(String scheme, Defect defect) implements BackendProvider {
        @Override
        public String description() {
            return "Memory with a defect.";
        }

        @Override
        public Backend open(BackendConfig config) {
            Backend memory = new MemoryBackendProvider().open(new BackendConfig("memory", "", Map.of(), List.of()));
            return wrapped(Backend.class, memory, defect);
        }
    }

    private Defective() {}

    /** Returns the URL of a memory backend with a defect. */
    public static String url(Defect defect) {
        Provider provider = new Provider("defective" + SCHEMES.incrementAndGet(), defect);
        ContextDriverManager.register(provider);
        return "contextdb:" + provider.scheme() + ":";
    }

    private static <T> T wrapped(Class<T> type, T real, Defect defect) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            Object[] arguments = given == null ? new Object[0] : given;
            if (READERS.contains(method.getReturnType())) {
                return reader(method.getReturnType(), method.invoke(real), defect);
            }
            return defect.call(type.getSimpleName() + "." + method.getName(), arguments, with -> {
                try {
                    return method.invoke(real, with);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            });
        }));
    }

    private static <T> Object reader(Class<T> type, Object real, Defect defect) {
        return wrapped(type, type.cast(real), defect);
    }
}
