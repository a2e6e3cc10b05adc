package io.contextdb.tck;

import io.contextdb.ConnectionInfo;
import io.contextdb.ContextConnection;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.tck.report.KitReport;
import io.contextdb.tck.report.Outcome;
import io.contextdb.tck.report.TestResult;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/** Opens the store once for a class, hands a {@link Kit} to each test, skips what is not declared, and keeps the results. */
final class KitExtension implements BeforeEachCallback, ParameterResolver, TestExecutionExceptionHandler, TestWatcher {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(KitExtension.class);

    /** The open store of a class; closed, and the report written, after its last test. */
    private static final class Run implements AutoCloseable {
        private static final Duration CLEANING = Duration.ofMinutes(1);

        final String name;
        final Path folder;
        final String url;
        final Optional<NetworkStore> network;
        final ServerKind server;
        final long seed = Long.getLong("contextdb.seed", System.nanoTime());
        final OpenedStore store;
        final ContextConnection connection;
        final boolean reported;
        final Duration patience;
        final ConnectionInfo info;
        final List<TestResult> results = Collections.synchronizedList(new ArrayList<>());
        final String prefix =
                "tck" + HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());
        final AtomicInteger namespaces = new AtomicInteger();

        Run(ContextDbKit kit, ExtensionContext context) {
            reported = context.getConfigurationParameter("contextdb.tck.report", Boolean::valueOf)
                    .orElse(true);
            patience = context.getConfigurationParameter("contextdb.tck.patience", Duration::parse)
                    .orElse(Kit.PATIENCE);
            name = kit.reportName();
            folder = kit.reportFolder();
            url = kit.url();
            network = kit.network();
            server = kit.server();
            store = OpenedStore.open(url, Map.of());
            connection = store.source().getConnection();
            info = connection.info();
        }

        Kit kit() {
            return new Kit(
                    store, connection, url, network, seed, () -> prefix + "-" + namespaces.incrementAndGet(), patience);
        }

        @Override
        public void close() {
            try (store) {
                // A store that others use must be left as it was found. Tests make names of their own from the prefix,
                // in both cases.
                ContextConnection patient = connection.withTimeout(CLEANING);
                try (Stream<String> all = patient.namespaces()) {
                    all.filter(found -> found.toLowerCase(Locale.ROOT).contains(prefix))
                            .toList()
                            .forEach(own -> patient.namespace(own).drop());
                }
            } finally {
                if (reported) {
                    new KitReport(name, info, server, seed, List.copyOf(results)).write(folder);
                }
            }
        }
    }

    private static ExtensionContext root(ExtensionContext context) {
        ExtensionContext top = context;
        while (top.getParent().isPresent()
                && top.getParent().get().getTestClass().isPresent()) {
            top = top.getParent().get();
        }
        return top;
    }

    private static Run run(ExtensionContext context) {
        ExtensionContext top = root(context);
        ContextDbKit kit = context.getRequiredTestInstances()
                .findInstance(ContextDbKit.class)
                .orElseThrow(() -> new IllegalStateException("the suites run inside of a ContextDbKit"));
        return top.getStore(STORE).getOrComputeIfAbsent(Run.class, key -> new Run(kit, top), Run.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Run run = run(context);
        BackendInfo info = run.connection.info().backend();
        List<String> missing = new ArrayList<>();
        for (Needs needs : needs(context)) {
            Stream.of(needs.value()).filter(need -> !info.offers(need)).forEach(need -> missing.add(need.name()));
            if (needs.batches() && info.atomicity() != Atomicity.BATCH) {
                missing.add("atomicity BATCH");
            }
            if (needs.operationIds() && info.idempotency() != Idempotency.OPERATION_ID) {
                missing.add("idempotency OPERATION_ID");
            }
            if (needs.projection() && run.store.backend().projection().isEmpty()) {
                missing.add("a projection");
            }
            Assumptions.assumeTrue(
                    !needs.network() || run.network.isPresent(),
                    "the store has no network address, or its kit class does not tell it");
        }
        Assumptions.assumeTrue(missing.isEmpty(), () -> "the backend does not declare " + missing);
    }

    private static List<Needs> needs(ExtensionContext context) {
        Stream.Builder<AnnotatedElement> elements = Stream.builder();
        context.getTestMethod().ifPresent(elements::add);
        // A suite is the superclass of the nested class, and carries the annotation.
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getSuperclass()) {
            elements.add(type);
        }
        return elements.build()
                .map(element -> Optional.ofNullable(element.getAnnotation(Needs.class)))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Kit.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Run run = run(context);
        return run.kit();
    }

    /** Where only the console is kept, it must say how to see a failure again. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (!(failure instanceof TestAbortedException)) {
            failure.addSuppressed(new Repeat(run(context).seed));
        }
        throw failure;
    }

    private static final class Repeat extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Repeat(long seed) {
            super("repeat with -Dcontextdb.seed=" + seed, null, false, false);
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        record(context, Outcome.PASSED, "");
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        record(context, Outcome.SKIPPED, String.valueOf(cause.getMessage()).replaceFirst("^Assumption failed: ", ""));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        record(context, Outcome.FAILED, cause.toString());
    }

    private static void record(ExtensionContext context, Outcome outcome, String detail) {
        Run run = root(context).getStore(STORE).get(Run.class, Run.class);
        if (run != null) {
            Proves proves = context.getRequiredTestMethod().getAnnotation(Proves.class);
            String suite = context.getRequiredTestClass().getSimpleName();
            String test = context.getRequiredTestMethod().getName();
            run.results.add(new TestResult(
                    suite + "." + test, proves == null ? List.of() : List.of(proves.value()), outcome, detail));
        }
    }
}
