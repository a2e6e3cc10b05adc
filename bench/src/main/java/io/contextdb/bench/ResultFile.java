package io.contextdb.bench;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Results of a profile, by name. What a run of single comparisons gives replaces what the file had for them, so that a full run can
 * be made suite by suite.
 */
public final class ResultFile {
    private final Map<String, ComparisonResult> comparisons = new LinkedHashMap<>();
    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** Reads a file, or begins with nothing where there is none. */
    static ResultFile read(Path json) throws IOException {
        ResultFile results = new ResultFile();
        if (Files.exists(json)) {
            results.addAll(Files.readString(json));
        }
        return results;
    }

    /** Reads what was committed with the benchmarks. */
    static ResultFile read(InputStream json) throws IOException {
        ResultFile results = new ResultFile();
        results.addAll(new String(json.readAllBytes(), StandardCharsets.UTF_8));
        return results;
    }

    private void addAll(String json) {
        PropertyMap map = PropertyJson.read(json);
        maps(map, "comparisons").forEach(each -> add(ComparisonResult.from(each)));
        maps(map, "tables").forEach(each -> add(Table.from(each)));
    }

    private static List<PropertyMap> maps(PropertyMap map, String name) {
        List<PropertyMap> maps = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(map.get(name), name)) {
            Map<String, Object> entries = new LinkedHashMap<>();
            ((Map<?, ?>) Objects.requireNonNull(each)).forEach((key, value) -> entries.put((String) key, value));
            maps.add(PropertyMap.copyOf(entries));
        }
        return maps;
    }

    void add(ComparisonResult result) {
        comparisons.put(result.name(), result);
    }

    void add(Table table) {
        tables.put(table.name(), table);
    }

    /** Returns the comparisons, in the order in which they were first made. */
    List<ComparisonResult> comparisons() {
        return List.copyOf(comparisons.values());
    }

    /** Returns the other tables. */
    List<Table> tables() {
        return List.copyOf(tables.values());
    }

    /** Writes JSON and, beside it, Markdown. */
    void write(Path json, Environment environment) throws IOException {
        PropertyMap map = PropertyMap.of("environment", environment.toMap())
                .with(
                        "comparisons",
                        comparisons().stream().map(ComparisonResult::toMap).toList())
                .with("tables", tables().stream().map(Table::toMap).toList());
        Files.createDirectories(json.toAbsolutePath().getParent());
        Files.writeString(json, PropertyJson.write(map) + "\n");
        Path markdown = json.resolveSibling(json.getFileName().toString().replaceFirst("\\.json$", ".md"));
        Files.writeString(markdown, MarkdownReport.of(this, environment));
    }
}
