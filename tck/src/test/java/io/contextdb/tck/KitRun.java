package io.contextdb.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a suite of the kit within a test, and says which of its tests failed. One at a time. */
public final class KitRun {
    /** The kit on whatever URL is set; no test of ours by its name. */
    static final class Subject extends ContextDbKit {
        private static volatile String url = "";
        private static volatile Optional<NetworkStore> network = Optional.empty();

        @Override
        protected String url() {
            return url;
        }

        @Override
        protected Optional<NetworkStore> network() {
            return network;
        }
    }

    private KitRun() {}

    /** Returns which tests of a suite, by its name in {@link ContextDbKit}, fail on a URL, and why. */
    public static Map<String, String> failures(String url, String suite) {
        return failures(url, Optional.empty(), suite);
    }

    /** Returns which of the named tests of a suite, or of all where none is named, fail on a store with an address, and why. */
    public static synchronized Map<String, String> failures(
            String url, Optional<NetworkStore> network, String suite, String... tests) {
        Subject.url = url;
        Subject.network = network;
        List<String> outer = List.of(Subject.class.getName());
        String inner = ContextDbKit.class.getName() + "$" + suite;
        List<DiscoverySelector> selected = tests.length == 0
                ? List.of(selectNestedClass(outer, inner))
                : Stream.of(tests)
                        .map(test -> (DiscoverySelector) selectNestedMethod(outer, inner, test, Kit.class.getName()))
                        .toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selected).build();
        Map<String, String> failed = new TreeMap<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failed.put(
                            test.getDisplayName().replace("(Kit)", ""),
                            result.getThrowable().map(Throwable::toString).orElse(""));
                }
            }
        });
        return failed;
    }
}
