package io.contextdb.tck.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ConnectionInfo;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.tck.ServerKind;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** What reports say, and that equal runs say it equally. */
class KitReportTest {
    private static final List<TestResult> RESULTS = List.of(
            new TestResult("Keys.b", List.of("K1", "G8"), Outcome.PASSED, ""),
            new TestResult("Keys.a", List.of("K1"), Outcome.FAILED, "expected <1> & was \u0001\nat the second line"),
            new TestResult("Faults.c", List.of("G10"), Outcome.SKIPPED, "no network"));

    private static KitReport report(List<TestResult> results, long seed) {
        BackendInfo backend = new BackendInfo(
                "Shelf", "1", Set.of(Capability.KEYS), Limits.DEFAULT, Atomicity.ENTITY, Idempotency.NATURAL, Map.of());
        return new KitReport(
                "Kit", new ConnectionInfo("contextdb:shelf:", "2", backend), ServerKind.LOCAL, seed, results);
    }

    @Test
    void equalRunsHaveEqualReportsWhateverTheOrderOfTheirTests() {
        List<TestResult> turned = new ArrayList<>(RESULTS);
        Collections.reverse(turned);

        assertThat(compared(report(RESULTS, 1))).isEqualTo(compared(report(turned, 2)));
        assertThat(compared(report(RESULTS, 1))).isNotEqualTo(compared(report(RESULTS.subList(0, 1), 1)));
    }

    private static String compared(KitReport report) {
        String json = new JsonForm(report).text();
        return json.substring(0, json.indexOf("\"run\""));
    }

    @Test
    void aStatementFailsWithOneOfItsTests() {
        Map<String, List<TestResult>> byStatement = report(RESULTS, 1).byStatement();

        assertThat(KitReport.verdict(byStatement.get("K1"))).isEqualTo(Outcome.FAILED);
        assertThat(KitReport.verdict(byStatement.get("G8"))).isEqualTo(Outcome.PASSED);
        assertThat(KitReport.verdict(byStatement.get("G10"))).isEqualTo(Outcome.SKIPPED);
        assertThat(byStatement.get("N1")).as("a statement without a test").isEmpty();
    }

    @Test
    void statementsComeInTheOrderOfTheContract() {
        List<String> ids = List.copyOf(report(RESULTS, 1).byStatement().keySet());

        assertThat(ids).hasSizeGreaterThan(60).startsWith("G0", "G1", "G2");
        assertThat(ids.indexOf("G13a")).isEqualTo(ids.indexOf("G13") + 1);
        assertThat(ids.indexOf("N10")).isEqualTo(ids.indexOf("N9") + 1);
    }

    @Test
    void theXmlIsWellFormedWhateverFailed() throws Exception {
        String xml = new JunitForm(report(RESULTS, 1)).text();
        var suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getDocumentElement();

        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
                .contains("expected <1> & was");
    }

    @Test
    void theBadgeIsGreenWhenNothingFailed() {
        assertThat(new BadgeForm(report(RESULTS, 1)).endpoint()).contains("red", "1 of 2 statements fail");
        assertThat(new BadgeForm(report(RESULTS.subList(0, 1), 1)).endpoint())
                .contains("brightgreen", "2 statements hold");
        assertThat(new BadgeForm(report(List.of(), 1)).endpoint()).doesNotContain("green");
    }

    @Test
    void everyFormIsWritten(@TempDir Path folder) throws IOException {
        report(RESULTS, 7).write(folder);

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("Kit.md", "Kit.json", "TEST-Kit.xml", "Kit-badge.json", "Kit-badge.svg");
        }
        assertThat(folder.resolve("Kit.md"))
                .content()
                .contains("contextdb.seed=7", "a local server", "Faults.c: no network", "at the second line");
    }
}
