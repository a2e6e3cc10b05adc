package io.contextdb.cli.ask;

import io.contextdb.cli.ingest.SourceName;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Terminal;
import io.contextdb.memory.Recall;
import io.contextdb.memory.Recollection;
import io.contextdb.spi.value.PropertyMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answers to a question, as they are shown. */
record Answers(String question, Recall recall) {
    private static final int SNIPPET = 360;
    private static final int INDENT = 4;

    void print(Terminal terminal) {
        if (recall.items().isEmpty()) {
            terminal.note("nothing was found");
        }
        int rank = 1;
        for (Recollection item : recall.items()) {
            Recollection.ScoreParts parts = item.parts();
            terminal.line(terminal.styled(Style.BOLD, String.format(Locale.ROOT, "%2d  %.3f", rank++, item.score()))
                    + terminal.styled(
                            Style.FAINT,
                            String.format(
                                    Locale.ROOT,
                                    "  = similarity %.3f + confidence %.3f + recency %.3f + utility %.3f",
                                    parts.similarity(),
                                    parts.confidence(),
                                    parts.recency(),
                                    parts.utility())));
            terminal.line(indent(place(terminal, item)));
            wrap(Snippet.of(Terminal.plain(item.text()), question, SNIPPET), terminal.width() - INDENT)
                    .forEach(line -> terminal.line(indent(line)));
            terminal.line(indent(terminal.styled(Style.FAINT, item.node().id() + "  found by " + ranks(item))));
        }
        recall.legs().stream()
                .filter(leg -> leg.status() == io.contextdb.memory.LegReport.Status.FAILED)
                .forEach(leg -> terminal.note("warning: " + leg.leg() + " failed: " + leg.detail()));
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("question", question);
        List<Map<String, @Nullable Object>> answers = new ArrayList<>();
        recall.items().forEach(item -> answers.add(json(item)));
        json.put("answers", answers);
        List<Map<String, Object>> legs = new ArrayList<>();
        recall.legs().forEach(leg -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("leg", leg.leg().name());
            one.put("status", leg.status().name());
            one.put("candidates", leg.candidates());
            one.put("detail", leg.detail());
            legs.add(one);
        });
        json.put("legs", legs);
        return json;
    }

    private static Map<String, @Nullable Object> json(Recollection item) {
        PropertyMap properties = item.node().properties();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", item.node().id().toString());
        json.put("score", item.score());
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("similarity", item.parts().similarity());
        parts.put("confidence", item.parts().confidence());
        parts.put("recency", item.parts().recency());
        parts.put("utility", item.parts().utility());
        json.put("parts", parts);
        json.put("similarity", item.similarity());
        Map<String, Object> ranks = new TreeMap<>();
        item.ranks().forEach((leg, rank) -> ranks.put(leg.name(), rank));
        json.put("ranks", ranks);
        json.put("source", item.source());
        json.put("headings", properties.contains("headings") ? properties.get("headings") : List.of());
        json.put("labels", List.copyOf(item.node().labels()));
        json.put("validFrom", item.node().validity().from().toString());
        json.put("version", item.node().version());
        if (properties.contains("record")) {
            json.put("record", properties.get("record"));
        }
        json.put("text", item.text());
        return json;
    }

    private static String place(Terminal terminal, Recollection item) {
        String source = item.source().isEmpty() ? "without a source" : SourceName.shown(item.source());
        List<String> headings = new ArrayList<>();
        if (item.node().properties().get("headings") instanceof List<?> path) {
            path.forEach(heading -> headings.add(Terminal.plain(String.valueOf(heading))));
        }
        String place = terminal.styled(Style.CYAN, Terminal.plain(source));
        return headings.isEmpty() ? place : place + "  " + String.join(" > ", headings);
    }

    private static String ranks(Recollection item) {
        return item.ranks().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(rank -> rank.getKey().name().toLowerCase(Locale.ROOT) + " #" + rank.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String indent(String line) {
        return " ".repeat(INDENT) + line;
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
