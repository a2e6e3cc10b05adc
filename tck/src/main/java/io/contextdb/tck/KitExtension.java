package io.contextdb.tck;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Idempotency;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Opens the store once for a class, hands a {@link Kit} to each test, skips what is not declared, and keeps the results. */
final class KitExtension implements BeforeEachCallback, ParameterResolver, TestWatcher {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(KitExtension.class);

    /** The open store of a class; closed, and the report written, after its last test. */
    private static final class Run implements AutoCloseable {
        final ContextDataSource source;
        final ContextConnection connection;
        final KitReport report;
        final String url;
        final Optional<NetworkStore> network;

        Run(String name, ContextDbKit kit) {
            url = kit.url();
            network = kit.network();
            source = ContextDataSource.open(url);
            connection = source.getConnection();
            report = new KitReport(name, connection.info());
        }

        @Override
        public void close() {
            source.close();
            report.write();
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
        return top.getStore(STORE)
                .getOrComputeIfAbsent(
                        Run.class, key -> new Run(top.getRequiredTestClass().getSimpleName(), kit), Run.class);
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
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        context.getStore(STORE).put("seed", seed);
        return new Kit(run.source, run.connection, run.url, run.network, seed);
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        record(context, "passed", "");
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        record(context, "skipped", String.valueOf(cause.getMessage()));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        Object seed = context.getStore(STORE).get("seed");
        record(context, "failed", cause + (seed == null ? "" : " [repeat with -Dcontextdb.seed=" + seed + "]"));
    }

    private static void record(ExtensionContext context, String result, String detail) {
        Run run = root(context).getStore(STORE).get(Run.class, Run.class);
        if (run != null) {
            Proves proves = context.getRequiredTestMethod().getAnnotation(Proves.class);
            run.report.add(
                    proves == null ? new String[0] : proves.value(),
                    context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName(),
                    result,
                    detail);
        }
    }
}
