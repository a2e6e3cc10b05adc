package io.contextdb.tck;

import io.contextdb.tck.report.Outcome;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the kit without a build, for those who run stores rather than write backends. It writes to namespaces of its own, whose
 * names nobody else has, and drops them at the end. One run at a time in a process.
 */
public final class KitRunner {
    private final String url;
    private ServerKind server = ServerKind.REAL;
    private String reportName = "kit";
    private Path reportFolder = Path.of("contextdb-tck");
    private BiConsumer<String, Outcome> listener = (test, outcome) -> {};

    private KitRunner(String url) {
        this.url = url;
    }

    /** Prepares a run on a store. */
    public static KitRunner on(String url) {
        return new KitRunner(url);
    }

    /** Says what kind of server the store is; real by default. */
    public KitRunner server(ServerKind kind) {
        server = kind;
        return this;
    }

    /** Says where the reports go, by default to {@code contextdb-tck}, and the name of their files, by default {@code kit}. */
    public KitRunner report(Path folder, String name) {
        reportFolder = folder;
        reportName = name;
        return this;
    }

    /** Is told of each test when it has ended: suite and name, and how. */
    public KitRunner listener(BiConsumer<String, Outcome> told) {
        listener = told;
        return this;
    }

    /** Runs the kit, writes the reports, and returns how many tests ended how. */
    public Map<Outcome, Long> run() {
        synchronized (KitRunner.class) {
            UrlKit.aim(new UrlKit.Target(url, server, reportName, reportFolder, Optional.empty()));
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectClass(UrlKit.class))
                    .build();
            Counting counting = new Counting(listener);
            LauncherFactory.create().execute(request, counting);
            return counting.counts;
        }
    }

    private static final class Counting implements TestExecutionListener {
        final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        private final BiConsumer<String, Outcome> listener;

        Counting(BiConsumer<String, Outcome> listener) {
            this.listener = listener;
            for (Outcome outcome : Outcome.values()) {
                counts.put(outcome, 0L);
            }
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Outcome outcome = switch (result.getStatus()) {
                case SUCCESSFUL -> Outcome.PASSED;
                case ABORTED -> Outcome.SKIPPED;
                case FAILED -> Outcome.FAILED;
            };
            // What is no test counts if it fails, as the store that cannot be opened does.
            if (test.isTest() || outcome == Outcome.FAILED) {
                counts.merge(outcome, 1L, Long::sum);
                listener.accept(name(test), outcome);
            }
        }

        private static String name(TestIdentifier test) {
            return test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(MethodSource.class::cast)
                    .map(source -> source.getJavaClass().getSimpleName() + "." + source.getMethodName())
                    .orElse(test.getDisplayName());
        }
    }
}
