package io.contextdb.cli.ask;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.PointInTime;
import io.contextdb.memory.MemoryMode;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.Recall;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ask}: what the memory knows about a question. */
@Command(name = "ask", description = "Show what answers a question best, where it stands, and why it was chosen.")
public final class AskCommand implements Callable<Integer> {
    /** Documents and headings are places, not statements: what can answer has a text. */
    private static final Filter STATEMENTS = Filter.exists(Field.property("text"));

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(paramLabel = "QUESTION", description = "The question, in quotes.")
    private String question = "";

    @Option(
            names = {"-k", "--k"},
            paramLabel = "N",
            description = "Most answers; default ${DEFAULT-VALUE}.")
    private int k = 5;

    @Option(
            names = "--where",
            paramLabel = "FILTER",
            description =
                    "Only what matches, as in: source starts with \"file:/home\" and properties.record.year >= 2020")
    private String where = "";

    @Option(names = "--as-of", paramLabel = "TIME", description = "As it was known at a day or instant.")
    private String asOf = "";

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "Weigh as for: ${COMPLETION-CANDIDATES}; default: as the namespace does.")
    private @Nullable MemoryMode mode;

    @Option(names = "--diversity", paramLabel = "D", description = "0 looks at scores only, 1 at difference only.")
    private double diversity;

    @Override
    public Integer call() {
        MemoryQuery query = query();
        try (OpenNamespace open = root.openWithEmbedder(false)) {
            Recall recall =
                    root.timings().time("ask", () -> open.namespace().memory().retrieve(query));
            Answers answers = new Answers(question, recall);
            if (root.json()) {
                root.printJson(answers.toJson());
            } else {
                answers.print(root.terminal());
            }
            return recall.items().isEmpty() ? ExitCode.NOTHING_FOUND : ExitCode.OK;
        }
    }

    private MemoryQuery query() {
        Filter filter = where.isBlank() ? STATEMENTS : Filter.and(STATEMENTS, Filter.parse(where));
        MemoryQuery query = MemoryQuery.of(question)
                .k(k)
                .where(filter)
                .asOf(PointInTime.parse(asOf))
                .diversity(diversity);
        return mode == null ? query : query.weights(mode.weights());
    }
}
