package io.contextdb.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every statement of the contract has a test, and every test names statements that exist. */
class TraceabilityTest {
    private static final Pattern STATEMENT = Pattern.compile("^\\* \\*\\*([A-Z]\\d+[a-z]?)\\*\\*", Pattern.MULTILINE);

    /** Statements that no test of the suites proves, and why. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "G13a", "none of these backends opens on objects that the application owns",
            "G13b", "what a store loses is not the kit's to take away; the embedded store's own tests do");

    @Test
    void statementsAndTestsBelongTogether() throws IOException {
        Set<String> stated = new TreeSet<>();
        Matcher matcher = STATEMENT.matcher(Files.readString(Path.of("..", "docs", "contract.md")));
        while (matcher.find()) {
            stated.add(matcher.group(1));
        }
        Set<String> proven = new TreeSet<>();
        for (Class<?> suite : ContextDbKit.class.getDeclaredClasses()) {
            for (Method method : suite.getSuperclass().getDeclaredMethods()) {
                Proves proves = method.getAnnotation(Proves.class);
                if (method.isAnnotationPresent(Test.class)) {
                    assertThat(proves).as("%s names its statements", method).isNotNull();
                    proven.addAll(Stream.of(proves.value()).toList());
                }
            }
        }

        assertThat(stated).hasSizeGreaterThan(50);
        assertThat(proven).as("ids that tests name").isSubsetOf(stated);
        Set<String> missing = new TreeSet<>(stated);
        missing.removeAll(proven);
        assertThat(missing).as("statements without a test").isEqualTo(ELSEWHERE.keySet());
    }
}
