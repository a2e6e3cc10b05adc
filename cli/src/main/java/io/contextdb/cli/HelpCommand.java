package io.contextdb.cli;

import io.contextdb.ContextDataSource;
import io.contextdb.ContextDriverManager;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.cli.output.Terminal;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code help [command]} and {@code help options [scheme]}. */
@Command(name = "help", description = "Explain a command, or with 'options' the options of a store's URL.")
public final class HelpCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "A command, or 'options'.")
    private String topic = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "SCHEME", description = "A URL's scheme, such as embedded.")
    private String scheme = "";

    @Override
    public Integer call() {
        CommandLine parent = spec.commandLine().getParent();
        if (topic.equals("options")) {
            return options();
        }
        CommandLine explained =
                topic.isEmpty() ? parent : parent.getSubcommands().get(topic);
        if (explained == null) {
            throw new InvalidRequestException(
                    "help",
                    "there is no command '" + topic + "'; there are "
                            + String.join(", ", parent.getSubcommands().keySet()));
        }
        explained.usage(parent.getOut());
        return ExitCode.OK;
    }

    private int options() {
        List<BackendProvider> providers = ContextDriverManager.providers();
        List<BackendProvider> asked = providers.stream()
                .filter(provider -> scheme.isEmpty() || provider.scheme().equals(scheme))
                .toList();
        if (asked.isEmpty()) {
            throw new InvalidRequestException(
                    "help options",
                    "there is no backend for contextdb:" + scheme + ":; there are "
                            + providers.stream().map(BackendProvider::scheme).collect(Collectors.joining(", ")));
        }
        asked.forEach(root.json() ? this::printJson : this::print);
        return ExitCode.OK;
    }

    private void print(BackendProvider provider) {
        Terminal terminal = root.terminal();
        terminal.line(
                terminal.styled(Style.BOLD, "contextdb:" + provider.scheme() + ":") + "  " + provider.description());
        Table table = new Table()
                .text("option", Style.CYAN)
                .text("value", Style.PLAIN)
                .text("default", Style.PLAIN)
                .text("meaning", Style.PLAIN);
        options(provider)
                .forEach(option -> table.row(option.name(), option.type(), option.defaultText(), option.description()));
        table.print(terminal);
    }

    private void printJson(BackendProvider provider) {
        List<Map<String, Object>> options = new ArrayList<>();
        for (OptionDescriptor<?> option : options(provider)) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", option.name());
            json.put("type", option.type());
            json.put("default", option.defaultText());
            json.put("secret", option.secret());
            json.put("description", option.description());
            options.add(json);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scheme", provider.scheme());
        json.put("description", provider.description());
        json.put("options", options);
        root.printJson(json);
    }

    private static List<OptionDescriptor<?>> options(BackendProvider provider) {
        List<OptionDescriptor<?>> all = new ArrayList<>(provider.options());
        all.addAll(ContextDataSource.commonOptions());
        return all;
    }
}
