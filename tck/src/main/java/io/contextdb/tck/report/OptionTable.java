package io.contextdb.tck.report;

import io.contextdb.spi.OptionDescriptor;
import java.util.List;
import java.util.stream.Collectors;

/** The options of a backend as a table of Markdown, made from their declarations; for its page, and a test that it still says so. */
public final class OptionTable {
    private static final String HEAD = "| option | type | default | meaning |\n|---|---|---|---|\n";

    private OptionTable() {}

    /** Returns the table, a row for each option, each ended by a line feed. */
    public static String of(List<OptionDescriptor<?>> options) {
        return options.stream().map(OptionTable::row).collect(Collectors.joining("", HEAD, ""));
    }

    private static String row(OptionDescriptor<?> option) {
        String standard = option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "` ";
        return "| `" + option.name() + "` | " + option.type() + " | " + standard + "| "
                + option.description().replace("|", "\\|") + " |\n";
    }
}
