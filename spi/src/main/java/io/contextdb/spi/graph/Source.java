package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PropertyMap;
import java.util.SortedSet;

/**
 * Who states things, and how far that one can be believed: a Beta(α, β) distribution over the probability that a claim of
 * this source is right (contract N9).
 *
 * @param externalId key of the source in its namespace, 1 to 512 bytes
 * @param labels at most 256 labels
 * @param properties the properties
 * @param alpha weight of the evidence for it, above 0; a new source has 1
 * @param beta weight of the evidence against it, above 0; a new source has 1
 */
public record Source(String externalId, SortedSet<String> labels, PropertyMap properties, double alpha, double beta) {
    /** Checks the parts. */
    public Source {
        TextRule.EXTERNAL_ID.check("source.externalId", externalId);
        labels = Check.labels("source.labels", labels);
        Check.notNull("source.properties", properties);
        Check.range("source.alpha", alpha, Double.MIN_VALUE, Double.MAX_VALUE);
        Check.range("source.beta", beta, Double.MIN_VALUE, Double.MAX_VALUE);
    }

    /** Returns the expected probability that a claim is right: α / (α + β), in (0, 1). */
    public double credibility() {
        return alpha / (alpha + beta);
    }

    /**
     * Returns a cautious estimate of the credibility: the mean less one standard deviation of Beta(α, β), not below 0.
     * Variance αβ / ((α+β)² (α+β+1)): Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, ch. 25.
     */
    public double credibilityLowerBound() {
        double sum = alpha + beta;
        double deviation = Math.sqrt(alpha * beta / (sum * sum * (sum + 1)));
        return Math.max(0, credibility() - deviation);
    }
}
