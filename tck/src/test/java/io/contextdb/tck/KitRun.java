package io.contextdb.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

        @Override
        protected String url() {
            return url;
        }
    }

    private KitRun() {}

    /** Returns the names of the tests of a suite, by its name in {@link ContextDbKit}, that fail on a URL. */
    public static synchronized Set<String> failures(String url, String suite) {
        Subject.url = url;
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        selectNestedClass(List.of(Subject.class.getName()), ContextDbKit.class.getName() + "$" + suite))
                .build();
        Set<String> failed = new TreeSet<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failed.add(test.getDisplayName().replace("(Kit)", ""));
                }
            }
        });
        return failed;
    }
}
