package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OptimisticTest {
    private final AtomicInteger attempts = new AtomicInteger();

    private static PreconditionFailedException raced() {
        return new PreconditionFailedException(0, "another writer was faster", 2, null);
    }

    @Test
    void looksAgainUntilTheConditionHolds() {
        int result = Optimistic.decide(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw raced();
            }
            return 7;
        });

        assertThat(result).isEqualTo(7);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void givesUpWithTheLastFailure() {
        assertThatThrownBy(() -> Optimistic.decide(() -> {
                    attempts.incrementAndGet();
                    throw raced();
                }))
                .isInstanceOf(PreconditionFailedException.class);
        assertThat(attempts).hasValue(Optimistic.ATTEMPTS);
    }

    @Test
    void repeatsNothingElse() {
        assertThatThrownBy(() -> Optimistic.decide(() -> {
                    attempts.incrementAndGet();
                    throw new InvalidRequestException("x", "is wrong");
                }))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void anInterruptEndsThePause() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Optimistic.decide(() -> {
                    throw raced();
                }))
                .isInstanceOf(ContextTimeoutException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
