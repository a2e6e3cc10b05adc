package io.contextdb.cli.ingest;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code forget}: erases what came from a source. */
@Command(
        name = "forget",
        description = "Erase everything that came from a source: a file, all files of a folder, or a name.")
public final class ForgetCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(paramLabel = "SOURCE", description = "The source, as answers show it, or a path.")
    private String source = "";

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        try (OpenNamespace open = root.open()) {
            DocumentStore documents = new DocumentStore(open.namespace());
            String meant = SourceName.meant(source);
            Set<String> sources = new LinkedHashSet<>(documents.sources(meant));
            int files = sources.size();
            sources.add(meant);
            if (!yes && !confirmed(meant, files)) {
                root.terminal().note("nothing was erased");
                return ExitCode.ERROR;
            }
            long erased = sources.stream().mapToLong(documents::erase).sum();
            print(meant, files, erased);
            return erased == 0 ? ExitCode.NOTHING_FOUND : ExitCode.OK;
        }
    }

    private boolean confirmed(String meant, int files) throws IOException {
        String what = files > 1 ? "the " + files + " files of " + meant : meant;
        root.terminal().note("Erase everything that came from " + what + "? It cannot be undone. [y/N]");
        String answer = root.surroundings().in().readLine();
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private void print(String meant, int files, long erased) {
        if (root.json()) {
            root.printJson(Map.of("source", meant, "files", files, "erased", erased));
        } else {
            root.terminal().line(String.format(Locale.ROOT, "erased %,d nodes of %,d files", erased, files));
        }
    }
}
