package io.contextdb.cli.ingest;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.Interruption;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.output.ProgressLine;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.cli.output.Terminal;
import io.contextdb.spi.error.InvalidRequestException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ingest}: brings files into the namespace. */
@Command(
        name = "ingest",
        description = {
            "Remember files, and all files in folders: text, Markdown, HTML, JSON Lines, each also as .gz.",
            "Unchanged files are skipped; what was interrupted goes on where it was."
        })
public final class IngestCommand implements Callable<Integer> {
    private static final int SHOWN_PROBLEMS = 10;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
    private List<Path> paths = List.of();

    @Option(
            names = "--max-file-size",
            paramLabel = "MIB",
            description = "Skip files with more content, in MiB; default ${DEFAULT-VALUE}, HTML at most 16.")
    private int maxMebibytes = 64;

    @Option(
            names = "--embed-threads",
            paramLabel = "N",
            description = "Threads that embed, 1 to 16; default ${DEFAULT-VALUE}.")
    private int embedThreads = 2;

    @Override
    public Integer call() throws Exception {
        if (maxMebibytes < 1 || maxMebibytes > 1_024) {
            throw new InvalidRequestException("--max-file-size", "must be in [1, 1024], is " + maxMebibytes);
        }
        if (embedThreads < 1 || embedThreads > 16) {
            throw new InvalidRequestException("--embed-threads", "must be in [1, 16], is " + embedThreads);
        }
        FileSearch search = new FileSearch(paths);
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        long start = System.nanoTime();
        IngestSummary summary = Interruption.during(() -> stop.get().run(), () -> {
            IngestSummary result = ingest(search, stop);
            print(result, (System.nanoTime() - start) / 1e9);
            return result;
        });
        if (summary.interrupted()) {
            return ExitCode.INTERRUPTED;
        }
        return summary.problems().isEmpty() ? ExitCode.OK : ExitCode.ERROR;
    }

    private IngestSummary ingest(FileSearch search, AtomicReference<Runnable> stop) throws InterruptedException {
        try (OpenNamespace open = root.openWithEmbedder(true)) {
            Ingest ingest = new Ingest(
                    search,
                    open.namespace(),
                    open.embedder(),
                    new IngestOptions((long) maxMebibytes << 20, embedThreads));
            stop.set(ingest::stop);
            return ingest.run(new ProgressLine(root.terminal()));
        }
    }

    private void print(IngestSummary summary, double seconds) {
        if (root.json()) {
            root.printJson(json(summary, seconds));
            return;
        }
        Terminal terminal = root.terminal();
        Table table = new Table().text("", Style.PLAIN).number("", Style.BOLD);
        row(table, "new files", summary.added());
        row(table, "changed files", summary.changed());
        row(table, "unchanged files", summary.unchanged());
        row(table, "not text", summary.notText());
        row(table, "empty", summary.empty());
        row(table, "with problems", summary.problems().size());
        table.row("chunks", String.format(Locale.ROOT, "%,d", summary.chunks()));
        row(table, "  of a text met before", summary.repeatedTexts());
        table.row("seconds", String.format(Locale.ROOT, "%.1f", seconds));
        table.print(terminal);
        summary.problems().stream()
                .limit(SHOWN_PROBLEMS)
                .forEach(problem -> terminal.note(terminal.styled(Style.YELLOW, "problem: ")
                        + Terminal.plain(problem.file() + " " + problem.reason())));
        if (summary.problems().size() > SHOWN_PROBLEMS) {
            terminal.note("… and " + (summary.problems().size() - SHOWN_PROBLEMS) + " more; --json lists all");
        }
        if (summary.interrupted()) {
            terminal.note("interrupted; the same command goes on from here");
        }
    }

    private static void row(Table table, String name, long count) {
        if (count > 0) {
            table.row(name, String.format(Locale.ROOT, "%,d", count));
        }
    }

    private static Map<String, Object> json(IngestSummary summary, double seconds) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("files", summary.files());
        json.put("added", summary.added());
        json.put("changed", summary.changed());
        json.put("unchanged", summary.unchanged());
        json.put("notText", summary.notText());
        json.put("empty", summary.empty());
        json.put("chunks", summary.chunks());
        json.put("repeatedTexts", summary.repeatedTexts());
        json.put("seconds", Math.round(seconds * 1_000) / 1_000.0);
        json.put("interrupted", summary.interrupted());
        json.put(
                "problems",
                summary.problems().stream()
                        .map(problem -> Map.of("file", problem.file().toString(), "reason", problem.reason()))
                        .toList());
        return json;
    }
}
