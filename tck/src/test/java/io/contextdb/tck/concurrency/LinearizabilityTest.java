package io.contextdb.tck.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which histories of a register of numbers, at first 0, one thread could have made. */
class LinearizabilityTest {
    private static Call<Integer> write(long begin, long end, int value) {
        return new Call<>(begin, end, "write " + value, state -> Optional.of(value));
    }

    private static Call<Integer> read(long begin, long end, int value) {
        return new Call<>(begin, end, "read " + value, state -> state == value ? Optional.of(state) : Optional.empty());
    }

    private static boolean possible(List<Call<Integer>> history) {
        return Linearizability.violation(history, 0).isEmpty();
    }

    @Test
    void oneAfterTheOther() {
        assertThat(possible(List.of(write(0, 1, 1), read(2, 3, 1)))).isTrue();
        assertThat(possible(List.of(write(0, 1, 1), read(2, 3, 0)))).isFalse();
        assertThat(possible(List.of(read(0, 1, 1), write(2, 3, 1)))).isFalse();
    }

    @Test
    void atTheSameTimeBothOrdersArePossible() {
        assertThat(possible(List.of(write(0, 9, 1), read(1, 2, 0), read(3, 4, 1))))
                .isTrue();
        assertThat(possible(List.of(write(0, 9, 1), read(1, 2, 1), read(3, 4, 0))))
                .isFalse();
        assertThat(possible(List.of(write(0, 9, 1), write(0, 9, 2), read(10, 11, 1))))
                .isTrue();
        assertThat(possible(List.of(write(0, 9, 1), write(0, 9, 2), read(10, 11, 1), read(10, 11, 2))))
                .isFalse();
    }

    @Test
    void aCallOfUnknownOutcomeMayHaveAnEffectOrNone() {
        assertThat(possible(List.of(write(0, Long.MAX_VALUE, 1), read(2, 3, 0))))
                .isTrue();
        assertThat(possible(List.of(write(0, Long.MAX_VALUE, 1), read(2, 3, 0), read(4, 5, 1))))
                .isTrue();
        assertThat(possible(List.of(write(0, Long.MAX_VALUE, 1), read(2, 3, 1), read(4, 5, 0))))
                .isFalse();
    }

    @Test
    void theTextNamesTheCalls() {
        assertThat(Linearizability.violation(List.of(write(1_000, 2_000, 7), read(3_000, 4_000, 8)), 0))
                .hasValueSatisfying(text -> assertThat(text).contains("write 7", "read 8"));
    }
}
