package io.contextdb.cli.inspect;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.Interruption;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Terminal;
import io.contextdb.json.PropertyJson;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tail}: what happens in a namespace. */
@Command(name = "tail", description = "Print events as they are appended, until Ctrl-C.")
public final class TailCommand implements Callable<Integer> {
    private static final int PAGE = 256;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Option(names = "--from", paramLabel = "POSITION", description = "now (the default), start, or a position.")
    private String from = "now";

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type; may be repeated.")
    private List<String> types = List.of();

    @Option(names = "--no-follow", description = "End after the events that are there.")
    private boolean once;

    @Option(names = "--limit", paramLabel = "N", description = "End after so many events.")
    private long limit = Long.MAX_VALUE;

    @Override
    public Integer call() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        return Interruption.during(done::countDown, () -> {
            try (OpenNamespace open = root.openToLook()) {
                EventQuery query = EventQuery.after(position(open), PAGE).types(types.toArray(String[]::new));
                if (once) {
                    try (Stream<Event> events = open.namespace().events().readAll(query)) {
                        events.limit(limit).forEach(this::print);
                    }
                } else {
                    EventPrinter printer = new EventPrinter(this::print, limit, done);
                    open.namespace().events().subscribe(query).subscribe(printer);
                    done.await();
                    printer.rethrow();
                }
            }
            return ExitCode.OK;
        });
    }

    private EventPosition position(OpenNamespace open) {
        return switch (from) {
            case "now" -> once ? EventPosition.START : open.namespace().events().last();
            case "start" -> EventPosition.START;
            default -> EventPosition.parse(from);
        };
    }

    private void print(Event event) {
        if (root.json()) {
            root.printJson(json(event));
            return;
        }
        Terminal terminal = root.terminal();
        terminal.line(terminal.styled(Style.FAINT, event.position() + "  " + event.time()) + "  "
                + terminal.styled(Style.CYAN, Terminal.plain(event.type())) + "  " + Terminal.plain(event.subject())
                + "  " + Terminal.plain(PropertyJson.writeValue(payload(event))));
    }

    private static Map<String, @Nullable Object> json(Event event) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("position", event.position().toString());
        json.put("type", event.type());
        json.put("subject", event.subject());
        json.put("time", event.time().toString());
        json.put("payload", payload(event));
        return json;
    }

    private static @Nullable Object payload(Event event) {
        return switch (event.payload()) {
            case Payload.Json body -> body.body().asMap();
            case Payload.Binary binary -> binary.bytes().size() + " bytes";
            case Payload.Erased gone -> null;
        };
    }
}
