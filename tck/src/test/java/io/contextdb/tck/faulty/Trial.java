package io.contextdb.tck.faulty;

import io.contextdb.tck.Proves;
import io.contextdb.tck.differential.DifferentialSuite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One defect before the kit. */
final class Trial implements TestExecutionListener {
    /** How much of the kit meets a defect. */
    enum Extent {
        /** The tests of the violated statements, until one sees the defect. */
        FIRST,
        /** All tests of the violated statements. */
        STATEMENTS,
        /** All tests. */
        FULL
    }

    private final Defect defect;
    private final Extent extent;
    private final Map<String, String> killers = new TreeMap<>();
    private final List<String> passed = new ArrayList<>();

    private Trial(Defect defect, Extent extent) {
        this.defect = defect;
        this.extent = extent;
    }

    /** Runs as much of the kit as is asked for on a backend with a defect. */
    static Trial of(Defect defect, Extent extent) {
        Trial trial = new Trial(defect, extent);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(FaultyKit.class))
                .filters(EngineFilter.includeEngines("junit-jupiter"), trial.concerned())
                .configurationParameter("contextdb.tck.report", "false")
                .configurationParameter("contextdb.tck.patience", "PT3S")
                .configurationParameter("junit.jupiter.execution.timeout.testable.method.default", "30 s")
                .build();
        FaultyKit.TRIAL.set(trial);
        try {
            LauncherFactory.create().execute(request, trial);
        } finally {
            FaultyKit.TRIAL.remove();
        }
        return trial;
    }

    private PostDiscoveryFilter concerned() {
        return descriptor -> FilterResult.includedIf(descriptor
                .getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> extent == Extent.FULL || proves((MethodSource) source))
                .orElse(true));
    }

    /** Random scripts see nearly everything, and would hide what the other suites miss. */
    private boolean proves(MethodSource source) {
        if (source.getJavaMethod().getDeclaringClass() == DifferentialSuite.class) {
            return false;
        }
        Proves proves = source.getJavaMethod().getAnnotation(Proves.class);
        return proves != null && Arrays.stream(proves.value()).anyMatch(defect.violates()::contains);
    }

    Defect defect() {
        return defect;
    }

    /** Returns whether nothing more is to be learnt. */
    boolean isOver() {
        return extent == Extent.FIRST && !killers.isEmpty();
    }

    boolean isKilled() {
        return !killers.isEmpty();
    }

    /** Returns the tests that saw the defect, with what they said. */
    Map<String, String> killers() {
        return killers;
    }

    /** Returns the tests that did not see it. */
    List<String> passed() {
        return passed;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Optional<String> name = test.getSource().flatMap(Trial::name);
        if (name.isEmpty() || !test.isTest()) {
            // The store could not be opened, or not be closed.
            result.getThrowable().ifPresent(failure -> killers.put(test.getDisplayName(), said(failure)));
        } else if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            killers.put(name.get(), result.getThrowable().map(Trial::said).orElse(""));
        } else if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            passed.add(name.get());
        }
    }

    private static Optional<String> name(TestSource source) {
        return source instanceof MethodSource method && method.getJavaMethod().isAnnotationPresent(Test.class)
                ? Optional.of(method.getJavaMethod().getDeclaringClass().getSimpleName() + "." + method.getMethodName())
                : Optional.empty();
    }

    private static String said(Throwable failure) {
        return String.valueOf(failure)
                .lines()
                .limit(3)
                .map(String::strip)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
