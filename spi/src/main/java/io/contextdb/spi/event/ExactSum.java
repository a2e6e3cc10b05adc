package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** What aggregates make of an exact sum: each figure is rounded once (contract E6). For backends that add up exactly themselves. */
public final class ExactSum {
    /**
     * Digits of a quotient before it is rounded to a double. A number half-way between two doubles has at most 768, so of two
     * numbers that agree in all of these, and of which neither has more, both are on the same side of it.
     */
    private static final MathContext QUOTIENT = new MathContext(800, RoundingMode.DOWN);

    private ExactSum() {}

    /** Returns the exact value of an integer or a float. */
    public static BigDecimal exact(Number number) {
        Check.notNull("number", number);
        return number instanceof Long integer ? BigDecimal.valueOf(integer) : new BigDecimal(number.doubleValue());
    }

    /**
     * Returns a sum: a {@link Long} where all numbers were integers and it is one of 64 bits, else the nearest {@link Double}. A sum
     * of zero is 0.0, whatever the signs of its zeros.
     */
    public static Number sum(BigDecimal exact, boolean floats) {
        Check.notNull("exact", exact);
        boolean integer = !floats
                && exact.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                && exact.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
        return integer ? (Number) exact.longValueExact() : (Number) exact.doubleValue();
    }

    /** Returns the double nearest to the mean of {@code count} numbers, at least one; of two as near, the even one. */
    public static double average(BigDecimal exact, long count) {
        Check.notNull("exact", exact);
        Check.range("count", count, 1, Long.MAX_VALUE);
        BigDecimal divisor = BigDecimal.valueOf(count);
        BigDecimal quotient = exact.divide(divisor, QUOTIENT);
        if (quotient.multiply(divisor).compareTo(exact) != 0) {
            // Something was cut off: the number must not look as if it were half-way between two doubles.
            BigDecimal less = quotient.ulp().movePointLeft(1);
            quotient = quotient.add(exact.signum() < 0 ? less.negate() : less);
        }
        return quotient.doubleValue();
    }
}
