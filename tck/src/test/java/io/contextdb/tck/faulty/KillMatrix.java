package io.contextdb.tck.faulty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which tests saw which defects, as Markdown and JSON.
 *
 * @param trials the defects that were tried
 * @param tests every test, where every test met every defect; else none
 * @param unseen defects that are known to be seen by no test, and why
 */
record KillMatrix(List<Trial> trials, Collection<String> tests, Map<String, String> unseen) {
    List<String> survivors() {
        return trials.stream()
                .filter(trial -> !trial.isKilled())
                .map(trial -> trial.defect().id())
                .toList();
    }

    /** Returns the tests that saw no defect at all. */
    private Set<String> blind() {
        Set<String> blind = new TreeSet<>(tests);
        trials.forEach(trial -> blind.removeAll(trial.killers().keySet()));
        return blind;
    }

    void write() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "contextdb-tck"));
        Files.writeString(folder.resolve("kill-matrix.md"), markdown());
        Files.writeString(folder.resolve("kill-matrix.json"), json());
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("# Defects that the kit sees\n\n")
                .append(trials.size() - survivors().size())
                .append(" of ")
                .append(trials.size())
                .append(
                        " defects were seen.\n\n| defect | what the backend does wrong | violates | seen by |\n|---|---|---|---|\n");
        for (Trial trial : trials) {
            text.append("| ")
                    .append(trial.defect().id())
                    .append(" | ")
                    .append(trial.defect().sentence().replace("|", "\\|"))
                    .append(" | ")
                    .append(String.join(", ", new TreeSet<>(trial.defect().violates())))
                    .append(" | ")
                    .append(
                            trial.isKilled()
                                    ? String.join("<br>", trial.killers().keySet())
                                    : "**nothing** "
                                            + unseen.getOrDefault(trial.defect().id(), ""))
                    .append(" |\n");
        }
        if (!tests.isEmpty()) {
            text.append("\n## Tests that saw none of them\n");
            blind().forEach(test -> text.append("* ").append(test).append('\n'));
        }
        return text.toString();
    }

    private String json() {
        return trials.stream()
                .map(trial -> "    {\"defect\": " + quoted(trial.defect().id()) + ", \"sentence\": "
                        + quoted(trial.defect().sentence()) + ", \"violates\": "
                        + list(new TreeSet<>(trial.defect().violates())) + ", \"seenBy\": "
                        + trial.killers().entrySet().stream()
                                .map(killer -> quoted(killer.getKey()) + ": " + quoted(killer.getValue()))
                                .collect(Collectors.joining(", ", "{", "}"))
                        + "}")
                .collect(Collectors.joining(
                        ",\n", "{\n  \"defects\": [\n", "\n  ],\n  \"testsThatSawNone\": " + list(blind()) + "\n}\n"));
    }

    private static String list(Collection<String> texts) {
        return texts.stream().map(KillMatrix::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"' + escaped.replaceAll("\\p{Cntrl}", " ") + '"';
    }
}
