package io.contextdb.tck.report;

import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import java.util.List;

/** The report for people. */
record MarkdownForm(KitReport report) {
    String text() {
        StringBuilder text = new StringBuilder();
        BackendInfo backend = report.info().backend();
        text.append("# Conformance of ").append((backend.product() + " " + backend.version()).trim());
        line(text, "\n");
        for (Outcome outcome : Outcome.values()) {
            line(
                    text,
                    "* **" + outcome + "**: " + report.statements(outcome) + " statements, " + report.count(outcome)
                            + " tests");
        }
        line(
                text,
                "* contract " + report.contract().digest() + ", on "
                        + report.server().text());
        capabilities(text, backend);
        statements(text);
        details(text, "Skipped", Outcome.SKIPPED);
        details(text, "Failed", Outcome.FAILED);
        line(text, "\n## This run");
        line(text, "* URL: `" + report.info().url() + "`");
        line(text, "* driver: " + orUnknown(report.info().driverVersion()));
        line(
                text,
                "* Java " + System.getProperty("java.version") + " on " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
        line(text, "* repeat with `-Dcontextdb.seed=" + report.seed() + "`");
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    static String orUnknown(String version) {
        return version.isEmpty() ? "unknown" : version;
    }

    private static void capabilities(StringBuilder text, BackendInfo backend) {
        line(text, "\n## Declared");
        line(text, "| capability | |\n|---|---|");
        for (Capability capability : Capability.values()) {
            line(text, "| " + capability + " | " + (backend.offers(capability) ? "yes" : "no") + " |");
        }
        line(text, "| atomicity | " + backend.atomicity() + " |");
        line(text, "| idempotency | " + backend.idempotency() + " |");
        line(text, "| limits | " + backend.limits() + " |");
    }

    private void statements(StringBuilder text) {
        line(text, "\n## Statements");
        line(text, "| statement | result | tests |\n|---|---|---|");
        report.byStatement()
                .forEach((id, proofs) -> line(
                        text,
                        "| **" + id + "** " + report.contract().statements().getOrDefault(id, "") + " | "
                                + KitReport.verdict(proofs) + " | " + proofs(proofs) + " |"));
    }

    private static String proofs(List<TestResult> proofs) {
        return proofs.isEmpty()
                ? "none in this kit"
                : String.join(
                        "<br>",
                        proofs.stream()
                                .map(proof -> proof.test()
                                        + (proof.outcome() == Outcome.PASSED ? "" : " (" + proof.outcome() + ")"))
                                .toList());
    }

    private void details(StringBuilder text, String title, Outcome outcome) {
        List<TestResult> some = report.results().stream()
                .filter(result -> result.outcome() == outcome)
                .toList();
        if (!some.isEmpty()) {
            line(text, "\n## " + title);
            for (TestResult result : some) {
                line(text, "* " + result.test() + ": " + first(result.detail()));
                // What does not fit one line, such as a minimal script, is worth reading in full.
                if (result.detail().lines().count() > 1) {
                    line(text, "\n```\n" + result.detail() + "\n```\n");
                }
            }
        }
    }

    static String first(String detail) {
        return detail.lines().findFirst().orElse("");
    }
}
