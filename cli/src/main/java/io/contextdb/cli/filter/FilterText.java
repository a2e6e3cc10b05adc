package io.contextdb.cli.filter;

import io.contextdb.cli.filter.FilterTokens.Kind;
import io.contextdb.cli.filter.FilterTokens.Token;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads filters as people write them: {@code label = "chunk" and (record.stars >= 4 or not exists(record.draft))}.
 *
 * <ul>
 *   <li>fields: {@code id}, {@code label}, {@code source}, {@code validFrom}, {@code validTo}, or a property's path with dots
 *   <li>comparisons: {@code = != < <= > >= contains startsWith}, {@code in (a, b)}, {@code exists(field)}
 *   <li>values: quoted strings, numbers, {@code true}, {@code false}, {@code null}; instants as quoted or bare ISO 8601
 *   <li>{@code and}, {@code or}, {@code not}, parentheses
 * </ul>
 */
public final class FilterText {
    private final List<Token> tokens;
    private int at;

    private FilterText(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * Returns the filter that a text means.
     *
     * @throws InvalidRequestException that says what was expected, and at which column
     */
    public static Filter parse(String text) {
        FilterText parser = new FilterText(FilterTokens.of(text));
        Filter filter = parser.either(0);
        if (parser.peek().kind() != Kind.END) {
            throw parser.expected("and, or, or the end");
        }
        return filter;
    }

    private Filter either(int depth) {
        if (depth > Filter.MAX_DEPTH) {
            throw new InvalidRequestException("where", "is nested deeper than " + Filter.MAX_DEPTH);
        }
        List<Filter> operands = new ArrayList<>(List.of(both(depth)));
        while (skip("or")) {
            operands.add(both(depth));
        }
        return operands.size() == 1 ? operands.get(0) : new Filter.Or(operands);
    }

    private Filter both(int depth) {
        List<Filter> operands = new ArrayList<>(List.of(term(depth)));
        while (skip("and")) {
            operands.add(term(depth));
        }
        return operands.size() == 1 ? operands.get(0) : new Filter.And(operands);
    }

    private Filter term(int depth) {
        if (skip("not")) {
            if (depth > Filter.MAX_DEPTH) {
                throw new InvalidRequestException("where", "is nested deeper than " + Filter.MAX_DEPTH);
            }
            return Filter.not(term(depth + 1));
        }
        if (skip("(")) {
            Filter inner = either(depth + 1);
            require(")");
            return inner;
        }
        if (peek().is("exists") && tokens.get(at + 1).is("(")) {
            at += 2;
            Field field = field();
            require(")");
            return Filter.exists(field);
        }
        return comparison(field());
    }

    private Filter comparison(Field field) {
        Token operator = next("a comparison such as = or contains");
        boolean labels = field.kind() == Field.Kind.LABELS;
        return switch (operator.kind() == Kind.STRING ? "" : operator.text().toLowerCase(Locale.ROOT)) {
            case "=", "==" -> labels ? Filter.contains(field, value(field)) : Filter.eq(field, value(field));
            case "!=" -> labels ? Filter.not(Filter.contains(field, value(field))) : Filter.ne(field, value(field));
            case "<" -> Filter.lt(field, comparable(field));
            case "<=" -> Filter.le(field, comparable(field));
            case ">" -> Filter.gt(field, comparable(field));
            case ">=" -> Filter.ge(field, comparable(field));
            case "contains" -> Filter.contains(field, value(field));
            case "startswith" -> Filter.startsWith(field, String.valueOf(value(field)));
            case "in" -> Filter.in(field, values(field));
            default -> {
                at--;
                throw expected("a comparison such as = or contains");
            }
        };
    }

    private Field field() {
        Token name = next("a field");
        if (name.kind() != Kind.WORD) {
            at--;
            throw expected("a field");
        }
        return switch (name.text().toLowerCase(Locale.ROOT)) {
            case "id" -> Field.id();
            case "label", "labels" -> Field.labels();
            case "source" -> Field.source();
            case "validfrom" -> Field.validFrom();
            case "validto" -> Field.validTo();
            default -> Field.property(name.text().split("\\.", -1));
        };
    }

    private List<@Nullable Object> values(Field field) {
        List<@Nullable Object> values = new ArrayList<>();
        require("(");
        if (!skip(")")) {
            do {
                values.add(value(field));
            } while (skip(","));
            require(")");
        }
        return values;
    }

    private Object comparable(Field field) {
        Object value = value(field);
        if (value == null) {
            at--;
            throw expected("a value that has an order");
        }
        return value;
    }

    private @Nullable Object value(Field field) {
        Token token = next("a value");
        boolean time = field.kind() == Field.Kind.VALID_FROM || field.kind() == Field.Kind.VALID_TO;
        if (token.kind() == Kind.SIGN) {
            at--;
            throw expected("a value");
        }
        if (time) {
            return instant(token);
        }
        return token.kind() == Kind.STRING ? token.text() : bare(token);
    }

    private @Nullable Object bare(Token token) {
        return switch (token.text().toLowerCase(Locale.ROOT)) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> number(token);
        };
    }

    private Object number(Token token) {
        try {
            return Long.parseLong(token.text());
        } catch (NumberFormatException noInteger) {
            try {
                double number = Double.parseDouble(token.text());
                if (Double.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                // Told below, like a number that is none
            }
            at--;
            throw expected("a number, true, false, null, or a text in quotes");
        }
    }

    private Instant instant(Token token) {
        try {
            return Instant.parse(token.text());
        } catch (DateTimeParseException malformed) {
            at--;
            throw expected("an instant such as 2026-01-31T12:00:00Z");
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next(String wanted) {
        if (peek().kind() == Kind.END) {
            throw expected(wanted);
        }
        return tokens.get(at++);
    }

    private boolean skip(String word) {
        boolean there = peek().kind() != Kind.END && peek().is(word);
        at += there ? 1 : 0;
        return there;
    }

    private void require(String sign) {
        if (!skip(sign)) {
            throw expected("'" + sign + "'");
        }
    }

    private InvalidRequestException expected(String wanted) {
        Token found = peek();
        String shown = found.text().length() > 40 ? found.text().substring(0, 40) + "…" : found.text();
        return new InvalidRequestException(
                "where", "needs " + wanted + " at column " + found.column() + ", has '" + shown + "'");
    }
}
