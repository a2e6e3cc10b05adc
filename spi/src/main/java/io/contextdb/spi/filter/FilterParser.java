package io.contextdb.spi.filter;

import io.contextdb.spi.error.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Reads filters by recursive descent, one character ahead; see {@link Filter#parse} for the grammar. Not thread-safe. */
final class FilterParser {
    private static final int MAX_LENGTH = 100_000;

    private final String text;
    private int at;
    private int depth;

    FilterParser(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidRequestException(
                    "filter", "has " + text.length() + " characters; the limit is " + MAX_LENGTH);
        }
        this.text = text;
    }

    Filter parse() {
        Filter filter = or();
        space();
        if (at < text.length()) {
            throw expected("'and', 'or' or the end");
        }
        return filter;
    }

    private Filter or() {
        List<Filter> operands = new ArrayList<>(List.of(and()));
        while (word("or")) {
            operands.add(and());
        }
        return operands.size() == 1 ? operands.get(0) : new Filter.Or(operands);
    }

    private Filter and() {
        List<Filter> operands = new ArrayList<>(List.of(unary()));
        while (word("and")) {
            operands.add(unary());
        }
        return operands.size() == 1 ? operands.get(0) : new Filter.And(operands);
    }

    private Filter unary() {
        if (++depth > 2 * Filter.MAX_DEPTH) {
            throw new InvalidRequestException("filter", "is nested deeper than " + 2 * Filter.MAX_DEPTH);
        }
        try {
            if (word("not")) {
                return new Filter.Not(unary());
            }
            if (word("everything")) {
                return new Filter.Everything();
            }
            if (word("nothing")) {
                return new Filter.Or(List.of());
            }
            if (word("exists")) {
                return new Filter.Exists(field());
            }
            if (word("all")) {
                return new Filter.And(atMostOne());
            }
            if (word("any")) {
                return new Filter.Or(List.of(group()));
            }
            return next('(') ? group() : comparison();
        } finally {
            depth--;
        }
    }

    private List<Filter> atMostOne() {
        take('(');
        List<Filter> operands = next(')') ? List.of() : List.of(or());
        take(')');
        return operands;
    }

    private Filter group() {
        take('(');
        Filter filter = or();
        take(')');
        return filter;
    }

    private Filter comparison() {
        if (word("label")) {
            take('=');
            return Filter.label(string());
        }
        Field field = field();
        if (word("in")) {
            take('(');
            List<@Nullable Object> values = new ArrayList<>();
            while (!next(')')) {
                if (!values.isEmpty()) {
                    take(',');
                }
                values.add(value());
            }
            take(')');
            return new Filter.In(field, values);
        }
        if (word("contains")) {
            return Filter.contains(field, value());
        }
        if (word("starts")) {
            if (!word("with")) {
                throw expected("'with'");
            }
            return Filter.startsWith(field, string());
        }
        return operator(field);
    }

    private Filter operator(Field field) {
        if (symbol("!=")) {
            return Filter.ne(field, value());
        }
        if (symbol(">=")) {
            return new Filter.Comparison(field, Filter.Operator.GE, value());
        }
        if (symbol("<=")) {
            return new Filter.Comparison(field, Filter.Operator.LE, value());
        }
        if (symbol(">")) {
            return new Filter.Comparison(field, Filter.Operator.GT, value());
        }
        if (symbol("<")) {
            return new Filter.Comparison(field, Filter.Operator.LT, value());
        }
        if (symbol("=")) {
            return Filter.eq(field, value());
        }
        throw expected("=, !=, <, <=, >, >=, in, contains or starts with");
    }

    private Field field() {
        String name = name();
        return switch (name) {
            case "id" -> Field.id();
            case "labels" -> Field.labels();
            case "source" -> Field.source();
            case "subject" -> Field.subject();
            case "type" -> Field.type();
            case "time" -> Field.time();
            case "validFrom" -> Field.validFrom();
            case "validTo" -> Field.validTo();
            case "properties" -> {
                List<String> path = new ArrayList<>();
                while (at < text.length() && text.charAt(at) == '.') {
                    at++;
                    path.add(at < text.length() && text.charAt(at) == '"' ? string() : name());
                }
                if (path.isEmpty()) {
                    throw expected("a dot and the name of a property");
                }
                yield new Field(Field.Kind.PROPERTY, path);
            }
            default ->
                throw new InvalidRequestException(
                        "filter",
                        "knows no field '" + name + "' (before character " + at + "); fields are id, label, labels,"
                                + " properties.<name>, source, subject, type, time, validFrom and validTo");
        };
    }

    private @Nullable Object value() {
        space();
        if (at == text.length()) {
            throw expected("a value");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '"' -> string();
            case '@' -> instant();
            case '[' -> list();
            case '{' -> map();
            default -> c == '-' || Character.isDigit(c) ? number() : constant();
        };
    }

    private @Nullable Object constant() {
        if (word("null")) {
            return null;
        }
        if (word("true")) {
            return true;
        }
        if (word("false")) {
            return false;
        }
        throw expected("a value: \"text\", a number, true, false, null, @instant, [list] or {map}");
    }

    private List<@Nullable Object> list() {
        enter('[');
        List<@Nullable Object> values = new ArrayList<>();
        while (!next(']')) {
            if (!values.isEmpty()) {
                take(',');
            }
            values.add(value());
        }
        leave(']');
        return values;
    }

    private Map<String, @Nullable Object> map() {
        enter('{');
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (!next('}')) {
            if (!values.isEmpty()) {
                take(',');
            }
            space();
            String key = string();
            take(':');
            values.put(key, value());
        }
        leave('}');
        return values;
    }

    private void enter(char open) {
        take(open);
        if (++depth > 2 * Filter.MAX_DEPTH) {
            throw new InvalidRequestException("filter", "is nested deeper than " + 2 * Filter.MAX_DEPTH);
        }
    }

    private void leave(char close) {
        take(close);
        depth--;
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        try {
            boolean integer = number.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
            if (integer) {
                return Long.parseLong(number);
            }
            return Double.parseDouble(number);
        } catch (NumberFormatException malformed) {
            at = start;
            throw expected("a 64-bit number");
        }
    }

    private Instant instant() {
        int start = ++at;
        while (at < text.length() && "+-.:TZ0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return Instant.parse(text.substring(start, at));
        } catch (DateTimeException malformed) {
            at = start;
            throw expected("an instant such as 2026-01-31T12:00:00Z");
        }
    }

    private String string() {
        space();
        if (at == text.length() || text.charAt(at) != '"') {
            throw expected("a text in double quotes");
        }
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            if (at < text.length()) {
                value.append(text.charAt(at));
            }
        }
        if (at >= text.length()) {
            throw expected("a closing double quote");
        }
        at++;
        return value.toString();
    }

    private String name() {
        space();
        Matcher name = FilterText.PLAIN_NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            throw expected("a name");
        }
        int start = at;
        at = name.end();
        return text.substring(start, at);
    }

    /** Takes a word, in any case, that is not part of a longer one. */
    private boolean word(String word) {
        space();
        int end = at + word.length();
        boolean there = end <= text.length()
                && text.substring(at, end).toLowerCase(Locale.ROOT).equals(word)
                && (end == text.length() || !isNamePart(text.charAt(end)));
        if (there) {
            at = end;
        }
        return there;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    private boolean symbol(String symbol) {
        space();
        boolean there = text.startsWith(symbol, at);
        at += there ? symbol.length() : 0;
        return there;
    }

    private boolean next(char c) {
        space();
        return at < text.length() && text.charAt(at) == c;
    }

    private void take(char c) {
        if (!next(c)) {
            throw expected("'" + c + "'");
        }
        at++;
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private InvalidRequestException expected(String what) {
        String rest =
                at >= text.length() ? "the end" : "'" + text.substring(at, Math.min(text.length(), at + 20)) + "'";
        return new InvalidRequestException("filter", "needs " + what + " at character " + (at + 1) + ", has " + rest);
    }
}
