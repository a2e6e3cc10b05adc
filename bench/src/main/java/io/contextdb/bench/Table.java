package io.contextdb.bench;

import io.contextdb.spi.value.PropertyMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a suite found that is no ratio of two sides: growth, sizes, quality.
 *
 * @param name the suite's name, a slash, and its own
 * @param title what it shows
 * @param head names of the columns
 * @param rows as many cells each as there are columns
 */
public record Table(String name, String title, List<String> head, List<List<String>> rows) {
    /** Copies. */
    public Table {
        head = List.copyOf(head);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** Returns an empty one. */
    public static Table of(String name, String title, String... head) {
        return new Table(name, title, List.of(head), List.of());
    }

    /** Returns a copy with one row more. */
    public Table row(String... cells) {
        List<List<String>> more = new ArrayList<>(rows);
        more.add(List.of(cells));
        return new Table(name, title, head, more);
    }

    PropertyMap toMap() {
        return PropertyMap.of("name", name, "title", title, "head", head).with("rows", rows);
    }

    static Table from(PropertyMap map) {
        List<List<String>> rows = list(map, "rows").stream()
                .map(row -> ((List<?>) row).stream().map(Objects::toString).toList())
                .toList();
        return new Table(
                map.string("name").orElseThrow(),
                map.string("title").orElseThrow(),
                list(map, "head").stream().map(Objects::toString).toList(),
                rows);
    }

    private static List<?> list(PropertyMap map, String name) {
        return (List<?>) Objects.requireNonNull(map.get(name), name);
    }

    /** Returns the table as Markdown, under its title. */
    String markdown() {
        StringBuilder text = new StringBuilder("### " + title + "\n");
        text.append("| ").append(String.join(" | ", head)).append(" |\n");
        text.append("|---".repeat(head.size())).append("|\n");
        rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        return text.toString();
    }
}
