package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong(5);
    private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

    private void pass(Duration time) {
        wall.updateAndGet(now -> now.plus(time));
        nanos.addAndGet(time.toNanos());
    }

    private void set(Duration by) {
        wall.updateAndGet(now -> now.plus(by));
    }

    @Test
    void isTheSystemsWhileNobodySetsThat() {
        pass(Duration.ofHours(3));
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(3)));
        set(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(4)));
    }

    @Test
    void neitherGoesBackNorStandsStill() {
        set(Duration.ofHours(-5));
        assertThat(clock.instant()).isEqualTo(START);
        pass(Duration.ofSeconds(10));
        assertThat(clock.instant()).isBetween(START.plusMillis(9_980), START.plusSeconds(10));
    }

    @Test
    void isNotSetForwardByAThreadThatIsHeldUpBetweenTwoReadings() {
        AtomicReference<Duration> pause = new AtomicReference<>(Duration.ZERO);
        SteadyClock held = new SteadyClock(
                () -> {
                    Instant reading = wall.get();
                    pass(pause.getAndSet(Duration.ZERO));
                    return reading;
                },
                () -> {
                    long reading = nanos.get();
                    pass(pause.getAndSet(Duration.ZERO));
                    return reading;
                });
        pass(Duration.ofSeconds(1));
        pause.set(Duration.ofMillis(300));
        assertThat(held.instant()).isBeforeOrEqualTo(wall.get());
        assertThat(held.instant()).isBeforeOrEqualTo(wall.get());
    }

    @Test
    void isCaughtUpWith() {
        set(Duration.ofSeconds(-1));
        pass(Duration.ofSeconds(2_000));
        assertThat(clock.instant()).isEqualTo(wall.get());
    }
}
