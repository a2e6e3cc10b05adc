package io.contextdb.spi.event;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;

/**
 * One figure of an aggregate (contract E6).
 *
 * @param name its name in the result, 1 to 128 bytes
 * @param function what is computed
 * @param field over which values; ignored by {@link Function#COUNT}
 * @param quantile for {@link Function#QUANTILE}, which one, in [0, 1]; else 0
 */
public record Measure(String name, Function function, Field field, double quantile) {
    /** What is computed. */
    public enum Function {
        /** Number of events. */
        COUNT,
        /** Sum of the numbers, exact and rounded once; 0 without any. */
        SUM,
        /** Least number; absent without any. */
        MIN,
        /** Greatest number; absent without any. */
        MAX,
        /** Mean of the numbers: their exact sum by their count, rounded once to a double; absent without any. */
        AVERAGE,
        /** Number of distinct values of every type, equal as in the filter language. */
        DISTINCT,
        /**
         * The value at rank {@code q·(n−1)} of the n numbers in order, linear between neighbours (Hyndman and Fan 1996,
         * definition 7); absent without any.
         */
        QUANTILE
    }

    /** Checks the parts. */
    public Measure {
        TextRule.MEASURE.check("measure.name", name);
        Check.notNull("measure.function", function);
        Check.notNull("measure.field", field);
        Check.range("measure.quantile", quantile, 0, 1);
    }

    /** Number of events. */
    public static Measure count(String name) {
        return new Measure(name, Function.COUNT, Field.id(), 0);
    }

    /** A function of a field. */
    public static Measure of(String name, Function function, Field field) {
        return new Measure(name, function, field, 0);
    }

    /** A quantile of a field. */
    public static Measure quantile(String name, Field field, double q) {
        return new Measure(name, Function.QUANTILE, field, q);
    }
}
