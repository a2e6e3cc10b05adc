package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The Sky|the sky",
                "'  the \t\n sky '|the sky",
                "the\u00a0sky|the sky",
                "the\u3000sky|the sky",
                "caf\u00e9|cafe\u0301",
                "\u00c9cole|e\u0301cole"
            })
    void caseWhiteSpaceAndCompositionDoNotCount(String text, String same) {
        assertThat(Fingerprint.of(text)).isEqualTo(Fingerprint.of(same));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"3.14|314", "it is|it is?", "the sky|thesky", "caf\u00e9|cafe", "-1|1", "x\u00b2|x2"})
    void punctuationDigitsAndAccentsCount(String text, String other) {
        assertThat(Fingerprint.of(text)).isNotEqualTo(Fingerprint.of(other));
    }

    /** Stored fingerprints must be found by later releases: this one may never change. */
    @Test
    void isTheDigestOfTheNormalText() {
        assertThat(Fingerprint.of(" ABC "))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
