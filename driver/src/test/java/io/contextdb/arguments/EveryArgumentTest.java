package io.contextdb.arguments;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Gives every parameter of every public method what careless and hostile callers give. Each call ends well or in an error of
 * ours; and whatever is refused has not reached the backend.
 */
class EveryArgumentTest {
    /** Packages whose types applications build and call. */
    private static final Set<String> PACKAGES = Set.of(
            "io.contextdb",
            "io.contextdb.memory",
            "io.contextdb.spi.document",
            "io.contextdb.spi.event",
            "io.contextdb.spi.filter",
            "io.contextdb.spi.graph",
            "io.contextdb.spi.value",
            "io.contextdb.spi.vector",
            "io.contextdb.spi.write");

    /** Types that the library alone makes, or that only backends call. */
    private static final Set<String> NOT_CALLED = Set.of(
            "AggregateRow",
            "BatchDigest",
            "Comparing",
            "DeadLetter",
            "Delivery",
            "Document",
            "Edge",
            "Event",
            "Fields",
            "Hit",
            "KeyEntry",
            "Metric",
            "MutationResult",
            "Node",
            "NodeChange",
            "Page",
            "ReadScope",
            "Revision",
            "Source",
            "Spelling",
            "ValueOrder",
            "WalkStep",
            "WriteReceipt");

    /** Methods whose errors Java itself or Reactive Streams lay down, and those of filters that only backends call. */
    private static final Set<String> LAID_DOWN = Set.of(
            "equals",
            "compareTo",
            "compare",
            "Vector.get",
            "matches",
            "validityAt",
            "selects",
            "admits",
            "has",
            "value",
            "valueOf");

    private final SentTexts sent = new SentTexts();
    private final RecordingBackend backend = new RecordingBackend(sent);
    private final List<String> wrong = new ArrayList<>();
    private int calls;
    private ContextDataSource source;

    @BeforeEach
    void open() {
        ContextDriverManager.register(backend);
        source = ContextDataSource.open("contextdb:recording:");
        ContextConnection connection = source.getConnection();
        Samples.add(source, connection, backend);
    }

    @AfterEach
    void close() {
        source.close();
        ContextDriverManager.deregister(backend);
    }

    @Test
    void endsWellOrInAnErrorOfOursAndSendsNothingThatIsRefused() throws IOException, URISyntaxException {
        List<Class<?>> types = types();
        for (Class<?> type : types) {
            Stream.concat(Stream.of(type.getDeclaredConstructors()), Stream.of(type.getDeclaredMethods()))
                    .filter(EveryArgumentTest::isCalled)
                    .forEach(this::check);
        }

        assertThat(types).hasSizeGreaterThan(60);
        assertThat(calls).isGreaterThan(4_000);
        assertThat(wrong).isEmpty();
    }

    private static boolean isCalled(Executable executable) {
        String owner = executable.getDeclaringClass().getSimpleName();
        return Modifier.isPublic(executable.getModifiers())
                && !executable.isSynthetic()
                && !LAID_DOWN.contains(executable.getName())
                && !LAID_DOWN.contains(owner + "." + executable.getName())
                && (executable instanceof Constructor<?>
                        || Modifier.isStatic(executable.getModifiers())
                        || Samples.optional(executable.getDeclaringClass()) != null);
    }

    private void check(Executable executable) {
        for (int i = 0; i < executable.getParameterCount(); i++) {
            for (Object hostile : HostileValues.of(executable.getGenericParameterTypes()[i])) {
                Object[] arguments = good(executable);
                arguments[i] = hostile;
                check(executable, arguments, i, hostile);
            }
        }
    }

    private static Object[] good(Executable executable) {
        Object[] arguments = new Object[executable.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = Samples.optional(executable.getParameterTypes()[i]);
            if (executable.getParameters()[i].getName().equals("url")) {
                arguments[i] = "contextdb:recording:";
            }
        }
        return arguments;
    }

    private void check(Executable executable, Object[] arguments, int index, Object hostile) {
        calls++;
        String call = executable + " [" + executable.getParameters()[index].getName() + " = " + shown(hostile) + "]";
        try {
            finish(call(executable, arguments));
        } catch (ContextException refused) {
            assertThat(refused).as(call).hasMessageContaining(":");
        } catch (RuntimeException | Error raw) {
            wrong.add(call + " ends in " + raw);
        }
        sent.refused().forEach(text -> wrong.add(call + " sends " + text));
    }

    private static Object call(Executable executable, Object[] arguments) {
        try {
            return executable instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) executable).invoke(Samples.optional(executable.getDeclaringClass()), arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof RuntimeException error) {
                throw error;
            }
            throw new AssertionError(executable + " failed", failed.getCause());
        } catch (ReflectiveOperationException broken) {
            throw new AssertionError(executable + " cannot be called", broken);
        }
    }

    /** Reads streams, and writes batches: both send something only then. */
    private static void finish(Object result) {
        if (result instanceof Stream<?> stream) {
            stream.limit(1).forEach(item -> {});
        } else if (result instanceof io.contextdb.Batch batch) {
            batch.apply();
            Samples.add(
                    (ContextDataSource) Samples.optional(ContextDataSource.class),
                    (ContextConnection) Samples.optional(ContextConnection.class),
                    (RecordingBackend) Samples.optional(io.contextdb.spi.BackendProvider.class));
        } else if (result instanceof ContextDataSource opened) {
            opened.close();
        }
    }

    private static String shown(Object value) {
        if (value instanceof java.util.Collection<?> many && many.size() > 10) {
            return many.size() + " elements";
        }
        String text = value instanceof Object[] array ? java.util.Arrays.toString(array) : String.valueOf(value);
        String start = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return start.replace('\0', '␀').replaceAll("[\\uD800-\\uDFFF]", "½");
    }

    private static List<Class<?>> types() throws IOException, URISyntaxException {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> root : List.of(Backend.class, ContextConnection.class)) {
            URI place = root.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (Files.isDirectory(Path.of(place))) {
                types.addAll(types(Path.of(place)));
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(Path.of(place), Map.of())) {
                    types.addAll(types(jar.getPath("/")));
                }
            }
        }
        return types;
    }

    private static List<Class<?>> types(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                    .filter(name -> PACKAGES.contains(name.substring(0, name.lastIndexOf('.'))))
                    .<Class<?>>map(EveryArgumentTest::load)
                    .filter(type -> Modifier.isPublic(type.getModifiers()) && !type.isInterface()
                            || type.getName().equals("io.contextdb.spi.filter.Filter"))
                    .filter(type -> !NOT_CALLED.contains(outermost(type).getSimpleName()))
                    .sorted(java.util.Comparator.comparing(Class::getName))
                    .toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static Class<?> outermost(Class<?> type) {
        return type.getEnclosingClass() == null ? type : outermost(type.getEnclosingClass());
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(name, missing);
        }
    }
}
