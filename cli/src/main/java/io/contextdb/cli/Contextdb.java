package io.contextdb.cli;

import io.contextdb.ContextDriverManager;
import io.contextdb.cli.ask.AskCommand;
import io.contextdb.cli.ask.WhyCommand;
import io.contextdb.cli.ingest.ForgetCommand;
import io.contextdb.cli.ingest.IngestCommand;
import io.contextdb.cli.inspect.DoctorCommand;
import io.contextdb.cli.inspect.GetCommand;
import io.contextdb.cli.inspect.HistoryCommand;
import io.contextdb.cli.inspect.RepairCommand;
import io.contextdb.cli.inspect.StatsCommand;
import io.contextdb.cli.inspect.TailCommand;
import io.contextdb.cli.inspect.VerifyCommand;
import io.contextdb.cli.inspect.WalkCommand;
import io.contextdb.cli.output.ColorChoice;
import io.contextdb.cli.output.Terminal;
import io.contextdb.cli.tck.TckCommand;
import io.contextdb.json.PropertyJson;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command and the options that all its commands share. */
@Command(
        name = "contextdb",
        description = "Remembers texts and answers questions about them.",
        versionProvider = Contextdb.Version.class,
        subcommands = {
            IngestCommand.class,
            AskCommand.class,
            WhyCommand.class,
            GetCommand.class,
            HistoryCommand.class,
            WalkCommand.class,
            TailCommand.class,
            StatsCommand.class,
            ForgetCommand.class,
            DoctorCommand.class,
            VerifyCommand.class,
            RepairCommand.class,
            TckCommand.class,
            HelpCommand.class
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed, or not all of it could be done",
            "2:the command line or a setting is wrong",
            "3:nothing was found",
            "4:the store cannot be reached or used at present",
            "5:the store does not do what the contract says",
            "130:ended by the user"
        })
public final class Contextdb implements Runnable {
    private static final Duration MODEL_TIMEOUT = Duration.ofMinutes(1);

    private final Surroundings surroundings;
    private final Timings timings = new Timings();

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The store; default: $CONTEXTDB_URL, or a directory in your data directory.")
    private @Nullable String url;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The namespace; default: default.")
    private String namespace = "default";

    @Option(
            names = "--embedder",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "What turns text into vectors: minilm (the default), openai, or none.")
    private String embedder = "minilm";

    @Option(
            names = "--embedder-option",
            paramLabel = "NAME=VALUE",
            scope = ScopeType.INHERIT,
            description = "An option of the embedder.")
    private Map<String, String> embedderOptions = new LinkedHashMap<>();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print results as JSON.")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            description = "auto, always or never; auto honours NO_COLOR.")
    private ColorChoice color = ColorChoice.auto;

    @Option(names = "--timings", scope = ScopeType.INHERIT, description = "Print how long each phase took.")
    private boolean printTimings;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    @SuppressWarnings("UnusedVariable")
    private boolean version;

    /** The version of the command is that of the driver. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"contextdb " + ContextDriverManager.version()};
        }
    }

    /** Prepares the command. */
    public Contextdb(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs the command line and returns the exit code. */
    public int run(String... args) {
        CommandLine line = new CommandLine(this)
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(Math.max(60, Math.min(120, surroundings.columns())))
                .setParameterExceptionHandler((wrong, given) -> refused(wrong))
                .setExecutionExceptionHandler((failure, failed, parsed) -> failed(failure));
        int code = line.execute(args);
        if (printTimings) {
            terminal().note(timings.line());
        }
        surroundings.out().flush();
        surroundings.err().flush();
        return code;
    }

    /** Without a command, shows what commands there are. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(new CommandLine(this), "Name a command");
    }

    /** Returns where to print. */
    public Terminal terminal() {
        return new Terminal(
                surroundings.out(),
                surroundings.err(),
                color.onTerminal(surroundings.outTerminal(), surroundings.environment()),
                surroundings.errTerminal(),
                surroundings.outTerminal() ? surroundings.columns() : Integer.MAX_VALUE);
    }

    /** Returns whether results are wanted as JSON. */
    public boolean json() {
        return json;
    }

    /** Prints a value as a line of JSON. */
    public void printJson(Map<String, ? extends @Nullable Object> value) {
        terminal().line(PropertyJson.writeValue(value));
    }

    /** Returns what the phases are measured with. */
    public Timings timings() {
        return timings;
    }

    /** Returns what the command runs in. */
    public Surroundings surroundings() {
        return surroundings;
    }

    /** Returns the URL of the store. */
    public String url() {
        if (url != null) {
            return url;
        }
        String set = surroundings.environment().getOrDefault("CONTEXTDB_URL", "");
        return set.isEmpty()
                ? DataDirectory.url(
                        surroundings.environment(), System.getProperty("os.name"), System.getProperty("user.home"))
                : set;
    }

    /** Opens the namespace for a command that embeds nothing; where there is no store, that is an error. */
    public OpenNamespace open() {
        return timings.time("open store", () -> OpenNamespace.open(url(), namespace, Optional.empty(), false));
    }

    /**
     * Opens the namespace, and the embedder beside it in the background.
     *
     * @param create whether a store is made where there is none; if not, that is an error: a mistyped URL would find nothing
     */
    public OpenNamespace openWithEmbedder(boolean create) {
        Optional<Embedder> chosen = embedder.equals(EmbedderChoice.NONE)
                ? Optional.empty()
                : Optional.of(surroundings.embedder().orElseGet(this::load));
        return timings.time("open store", () -> OpenNamespace.open(url(), namespace, chosen, create));
    }

    private Embedder load() {
        return new LoadingEmbedder(() -> timings.time("load model", () -> {
            Embedder opened = EmbedderChoice.open(embedder, embedderOptions);
            // Models in this process load with the first text; others are far away, and better asked only once.
            if (embedder.equals("minilm")) {
                opened.embed(List.of("ready"), Deadline.after(MODEL_TIMEOUT));
            }
            return opened;
        }));
    }

    private int refused(CommandLine.ParameterException wrong) {
        terminal().note("contextdb: " + UsageSentence.of(wrong));
        return ExitCode.USAGE;
    }

    private int failed(Exception failure) {
        terminal().note("contextdb: " + ErrorSentence.of(failure));
        if (debug) {
            failure.printStackTrace(surroundings.err());
        }
        return ExitCode.of(failure);
    }
}
