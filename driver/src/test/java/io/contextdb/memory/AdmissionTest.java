package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.memory.Admission.Verdict;
import io.contextdb.memory.MemoryReceipt.Assessment;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-12);

    /** Each rule at its limit, and each before those below it. */
    @ParameterizedTest
    @CsvSource({
        "1.00, 0.05, 0.00, 1.0, REJECT_SOURCE",
        "0.95, 0.06, 0.00, 1.0, DUPLICATE",
        "0.94, 0.50, 0.21, 0.1, REJECT_NOVELTY",
        "0.94, 0.50, 0.21, 0.0, ADD",
        "0.50, 0.50, 0.20, 0.1, ADD",
        "0.00, 0.50, 0.00, 0.0, ADD"
    })
    void rulesHoldInTheirOrder(
            double similarity, double credibility, double lowerBound, double threshold, Verdict verdict) {
        assertThat(Admission.of(new Assessment(similarity, credibility, lowerBound, threshold)))
                .isEqualTo(verdict);
    }

    @Test
    void confirmationRaisesAndNeverReachesOne() {
        assertThat(Admission.confirmed(0.5, 0.5)).isCloseTo(1 - 0.5 * 0.75, EXACT);
        double confidence = 0;
        for (int i = 0; i < 20; i++) {
            double next = Admission.confirmed(confidence, 0.9);
            assertThat(next).isGreaterThan(confidence).isLessThan(1);
            confidence = next;
        }
        assertThat(Admission.confirmed(0.5, 0.9)).isGreaterThan(Admission.confirmed(0.5, 0.2));
    }

    @Test
    void contradictionLowersByItsStrengthAndSourceAtMostAThird() {
        assertThat(Admission.contradicted(0.5, 0.8, 0.5)).isCloseTo(0.5 * (1 - 0.3 * 0.8 * 0.5), EXACT);
        assertThat(Admission.contradicted(1, 1, 1)).isCloseTo(0.7, EXACT);
        assertThat(Admission.contradicted(0.5, 0, 1)).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource({
        "0.39, 0.80, 0, false",
        "0.39, 0.10, 2, false",
        "0.39, 0.79, 1, true",
        "0.40, 0.99, 9, true",
    })
    void onlyTheWeakAgainstTheWellSupportedAreHeldBack(
            double lowerBound, double confidence, int confirmations, boolean lowers) {
        assertThat(Admission.mayLower(lowerBound, confidence, confirmations)).isEqualTo(lowers);
    }
}
