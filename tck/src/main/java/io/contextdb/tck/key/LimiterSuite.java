package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Limiter;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.write.MutationResult.Permits;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limiters. */
@Needs({Capability.KEYS, Capability.RATE_LIMITS})
public abstract class LimiterSuite {
    private static final Duration SHORT = Duration.ofMillis(80);
    private static final long SEVERAL = Duration.ofMillis(900).toNanos();
    private static final long MANY = Duration.ofSeconds(30).toNanos();

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves("K4")
    void aLimiterCountsDownAndSaysWhenToComeBack(Kit kit) {
        Limiter limiter = kit.namespace().limiter(5, Duration.ofSeconds(30));

        assertThat(limiter.tryAcquire("user", 3).remaining()).isEqualTo(2);
        Permits refused = limiter.tryAcquire("user", 3);
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.remaining()).isEqualTo(2);
        assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        assertThat(limiter.tryAcquire("user", 2).allowed()).isTrue();
        assertThat(limiter.tryAcquire("other", 5).allowed()).isTrue();
    }

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves({"K4", "G13"})
    void noWindowEverHoldsMoreThanTheLimit(Kit kit) {
        Namespace namespace = kit.namespace();
        Duration window = Duration.ofMillis(250);
        int limit = 10;
        List<Span> given = Collections.synchronizedList(new ArrayList<>());

        kit.together(8, i -> {
            Limiter limiter = namespace.limiter(limit, window);
            long start = System.nanoTime();
            // Longer where the machine stood still for some windows.
            while (System.nanoTime() - start < SEVERAL || (given.size() <= limit && System.nanoTime() - start < MANY)) {
                long before = System.nanoTime();
                if (limiter.tryAcquire("k").allowed()) {
                    given.add(new Span(before, System.nanoTime()));
                }
            }
            return i;
        });

        assertThat(given.size()).isGreaterThan(limit);
        for (Span first : given) {
            // Only what surely was given within one window counts: asked for after its start, answered before its end.
            long within = given.stream()
                    .filter(other ->
                            other.before() >= first.before() && other.after() < first.before() + window.toNanos())
                    .count();
            assertThat(within).isLessThanOrEqualTo(limit);
        }
    }

    /** When a permit was asked for, and when it had been given. */
    private record Span(long before, long after) {}

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves("K4")
    void permitsComeBackWhenTheWindowHasPassed(Kit kit) {
        Limiter limiter = kit.namespace().limiter(1, SHORT);

        assertThat(limiter.tryAcquire("k").allowed()).isTrue();
        kit.await("the window passes", () -> limiter.tryAcquire("k").allowed());
    }
}
