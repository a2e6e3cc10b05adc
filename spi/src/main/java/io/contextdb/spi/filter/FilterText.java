package io.contextdb.spi.filter;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes filters as the text that {@link FilterParser} reads. */
final class FilterText {
    static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private FilterText() {}

    static String of(Filter filter) {
        return switch (filter) {
            case Filter.Everything all -> "everything";
            case Filter.And and -> joined(and.operands(), " and ", "all()");
            case Filter.Or or -> joined(or.operands(), " or ", "nothing");
            case Filter.Not not -> "not " + grouped(not.operand());
            case Filter.Exists exists -> "exists " + field(exists.field());
            case Filter.In in ->
                field(in.field()) + " in ("
                        + in.values().stream().map(FilterText::value).collect(Collectors.joining(", ")) + ")";
            case Filter.Comparison term ->
                field(term.field()) + " " + operator(term.operator()) + " " + value(term.value());
        };
    }

    private static String joined(List<Filter> operands, String connective, String none) {
        return switch (operands.size()) {
            case 0 -> none;
            // One operand keeps its connective, so that the text is read back as the same filter.
            case 1 -> (connective.equals(" and ") ? "all" : "any") + "(" + of(operands.get(0)) + ")";
            default -> operands.stream().map(FilterText::grouped).collect(Collectors.joining(connective));
        };
    }

    private static String grouped(Filter filter) {
        boolean connected = switch (filter) {
            case Filter.And and -> and.operands().size() > 1;
            case Filter.Or or -> or.operands().size() > 1;
            default -> false;
        };
        return connected ? "(" + of(filter) + ")" : of(filter);
    }

    private static String operator(Filter.Operator operator) {
        return switch (operator) {
            case EQ -> "=";
            case GT -> ">";
            case GE -> ">=";
            case LT -> "<";
            case LE -> "<=";
            case CONTAINS -> "contains";
            case STARTS_WITH -> "starts with";
        };
    }

    private static String field(Field field) {
        return switch (field.kind()) {
            case PROPERTY ->
                "properties"
                        + field.path().stream()
                                .map(step -> "." + (PLAIN_NAME.matcher(step).matches() ? step : quoted(step)))
                                .collect(Collectors.joining());
            case VALID_FROM -> "validFrom";
            case VALID_TO -> "validTo";
            case ID, LABELS, SOURCE, SUBJECT, TYPE, TIME -> field.kind().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> quoted(text);
            case Instant instant -> "@" + instant;
            case List<?> list -> list.stream().map(FilterText::value).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> quoted((String) entry.getKey()) + ": " + value(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
