package io.contextdb.cli.inspect;

import io.contextdb.ConnectionInfo;
import io.contextdb.ContextDriverManager;
import io.contextdb.ContextUrl;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.EmbedderChoice;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.Health;
import io.contextdb.spi.capability.Capability;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}: whether everything works, and what it works with. */
@Command(name = "doctor", description = "Check Java, settings, store and indexes.")
public final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Override
    public Integer call() {
        Map<String, String> facts = new LinkedHashMap<>();
        java(facts);
        facts.put("url", ContextUrl.parse(root.url()).redacted());
        facts.put(
                "backends",
                ContextDriverManager.providers().stream()
                        .map(BackendProvider::scheme)
                        .collect(Collectors.joining(", ")));
        facts.put("embedders", String.join(", ", EmbedderChoice.names()));
        try (OpenNamespace open = root.openToLook()) {
            Health health = open.connection().health();
            store(facts, open.connection().info());
            memory(facts, open);
            facts.put("health", health.status().name());
            facts.put("roundTrip", health.roundTrip().toMillis() + " ms");
            health.details().forEach((name, value) -> facts.put("health." + name, value));
            print(facts);
            return switch (health.status()) {
                case UP -> ExitCode.OK;
                case DEGRADED -> ExitCode.ERROR;
                case DOWN -> ExitCode.UNAVAILABLE;
            };
        } catch (RuntimeException failed) {
            facts.put("health", "cannot be opened");
            print(facts);
            throw failed;
        }
    }

    private static void java(Map<String, String> facts) {
        facts.put("java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        facts.put("javaHome", System.getProperty("java.home"));
        facts.put(
                "vectorModule",
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                        ? "on"
                        : "off: searches compare vectors more slowly (--add-modules jdk.incubator.vector)");
        facts.put(
                "heap",
                String.format(Locale.ROOT, "%,d MiB", Runtime.getRuntime().maxMemory() >> 20));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    }

    private static void store(Map<String, String> facts, ConnectionInfo info) {
        facts.put("contextdb", info.driverVersion().isEmpty() ? "unpackaged" : info.driverVersion());
        facts.put("store", info.backend().product() + " " + info.backend().version());
        facts.put("atomicity", info.backend().atomicity().name());
        facts.put("idempotency", info.backend().idempotency().name());
        facts.put(
                "capabilities",
                info.backend().capabilities().stream().map(Capability::name).collect(Collectors.joining(", ")));
        info.backend().details().forEach((name, value) -> facts.put("store." + name, value));
    }

    private static void memory(Map<String, String> facts, OpenNamespace open) {
        facts.put("namespace", open.namespace().name());
        if (open.connection().info().backend().offers(Capability.DOCUMENTS)) {
            facts.put(
                    "memory",
                    open.namespace()
                            .memory()
                            .settings()
                            .map(settings ->
                                    settings.mode() + ", " + settings.space().dimensions() + " dimensions, "
                                            + settings.space().model())
                            .orElse("empty"));
        }
    }

    private void print(Map<String, String> facts) {
        if (root.json()) {
            root.printJson(facts);
            return;
        }
        Table table = new Table().text("", Style.BOLD).text("", Style.PLAIN);
        facts.forEach(table::row);
        table.print(root.terminal());
    }
}
