package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CommitToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TokensTest {
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final Tokens tokens = new Tokens(wall::get);

    @Test
    void whatWasGivenIsKnownThoughTheClockWasSetBack() {
        CommitToken first = tokens.next();
        wall.updateAndGet(now -> now.minus(Duration.ofHours(5)));
        assertThatCode(() -> tokens.check(first)).doesNotThrowAnyException();
        assertThat(tokens.next()).isGreaterThan(first);
    }

    @Test
    void whatIsOfTheFutureIsOfAnotherStore() {
        CommitToken future =
                new CommitToken(0, tokens.next().commit() + Duration.ofHours(1).toNanos() / 1_000, 0);
        assertThatThrownBy(() -> tokens.check(future)).isInstanceOf(InvalidRequestException.class);
    }
}
