package io.contextdb.tck;

import io.contextdb.ConnectionInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which statement was proven by which tests, as Markdown and JSON in {@code target/contextdb-tck}. Thread-safe. */
final class KitReport {
    private record Entry(List<String> ids, String test, String result, String detail) {}

    private final String name;
    private final ConnectionInfo info;
    private final List<Entry> entries = Collections.synchronizedList(new ArrayList<>());

    KitReport(String name, ConnectionInfo info) {
        this.name = name;
        this.info = info;
    }

    void add(String[] ids, String test, String result, String detail) {
        entries.add(new Entry(List.of(ids), test, result, detail));
    }

    void write() {
        Path folder = Path.of("target", "contextdb-tck");
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".md"), markdown());
            Files.writeString(folder.resolve(name + ".json"), json());
        } catch (IOException unwritable) {
            throw new UncheckedIOException("the report cannot be written", unwritable);
        }
    }

    private Map<String, List<Entry>> byStatement() {
        Map<String, List<Entry>> byStatement = new TreeMap<>();
        for (Entry entry : List.copyOf(entries)) {
            entry.ids()
                    .forEach(id -> byStatement
                            .computeIfAbsent(id, key -> new ArrayList<>())
                            .add(entry));
        }
        return byStatement;
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>(Map.of());
        for (String result : List.of("passed", "failed", "skipped")) {
            counts.put(
                    result,
                    List.copyOf(entries).stream()
                            .filter(entry -> entry.result().equals(result))
                            .count());
        }
        return counts;
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("# Conformance of ")
                .append(info.backend().product())
                .append(' ')
                .append(info.backend().version())
                .append("\n\n`")
                .append(info.url())
                .append("`: ")
                .append(counts().entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", ")))
                .append(".\n\nDeclared: ")
                .append(info.backend().capabilities())
                .append(", ")
                .append(info.backend().atomicity())
                .append(", ")
                .append(info.backend().idempotency())
                .append(", ")
                .append(info.backend().limits())
                .append(".\n\n| statement | result | tests |\n|---|---|---|\n");
        byStatement()
                .forEach((id, proofs) -> text.append("| ")
                        .append(id)
                        .append(" | ")
                        .append(verdict(proofs))
                        .append(" | ")
                        .append(proofs.stream()
                                .map(proof -> proof.test()
                                        + (proof.result().equals("passed") ? "" : " (" + proof.result() + ")"))
                                .collect(Collectors.joining("<br>")))
                        .append(" |\n"));
        List<Entry> noted = List.copyOf(entries).stream()
                .filter(entry -> !entry.detail().isEmpty())
                .toList();
        if (!noted.isEmpty()) {
            text.append("\n## Not passed\n");
            noted.forEach(entry -> text.append("* ")
                    .append(entry.test())
                    .append(" ")
                    .append(entry.result())
                    .append(": ")
                    .append(entry.detail().lines().findFirst().orElse(""))
                    .append('\n'));
        }
        return text.toString();
    }

    private static String verdict(List<Entry> proofs) {
        if (proofs.stream().anyMatch(proof -> proof.result().equals("failed"))) {
            return "failed";
        }
        return proofs.stream().anyMatch(proof -> proof.result().equals("passed")) ? "passed" : "skipped";
    }

    private String json() {
        String statements = byStatement().entrySet().stream()
                .map(statement -> "    " + quoted(statement.getKey()) + ": {\"result\": "
                        + quoted(verdict(statement.getValue())) + ", \"tests\": ["
                        + statement.getValue().stream()
                                .map(proof -> "{\"test\": " + quoted(proof.test()) + ", \"result\": "
                                        + quoted(proof.result()) + ", \"detail\": " + quoted(proof.detail()) + "}")
                                .collect(Collectors.joining(", "))
                        + "]}")
                .collect(Collectors.joining(",\n"));
        return "{\n  \"product\": " + quoted(info.backend().product()) + ",\n  \"version\": "
                + quoted(info.backend().version()) + ",\n  \"url\": " + quoted(info.url()) + ",\n  \"capabilities\": ["
                + info.backend().capabilities().stream()
                        .map(capability -> quoted(capability.name()))
                        .collect(Collectors.joining(", "))
                + "],\n  \"counts\": {"
                + counts().entrySet().stream()
                        .map(count -> quoted(count.getKey()) + ": " + count.getValue())
                        .collect(Collectors.joining(", "))
                + "},\n  \"statements\": {\n" + statements + "\n  }\n}\n";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
