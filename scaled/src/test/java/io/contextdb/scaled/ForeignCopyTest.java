package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.error.InvalidRequestException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A source is opened, by mistake, with the copy of another: nothing of that is touched. */
class ForeignCopyTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String name = "foreign-" + Long.toString(System.nanoTime(), 36);

    private ContextConnection connect(String graph, String scheme) {
        return ContextDriverManager.getConnection("contextdb:scaled:?graph=memory:" + name + graph + "&vectors="
                        + scheme + ":" + name + "-copy&scrub=0s")
                .withTimeout(LIMIT);
    }

    @Test
    void nothingOfItIsRemovedOrMended() {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger writes = new AtomicInteger();
        try (TroubledStore trouble = TroubledStore.over(new MemoryBackendProvider());
                ContextConnection owner = connect("-owner", "memory")) {
            trouble.failWhere((call, arguments) -> {
                if (call.equals("watermark") && Thread.currentThread().getName().equals("contextdb-upkeep")) {
                    looks.incrementAndGet();
                }
                if (Set.of("apply", "forget", "purge", "advance").contains(call)) {
                    writes.incrementAndGet();
                }
                return false;
            });
            Points.in(owner).createSpace(Points.SPACE);
            Points.in(owner).put(Points.SPACE.name(), Points.point(1));
            Lag.awaitNone(owner, LIMIT);
            try (ContextConnection other = connect("-other", "troubled")) {
                Eventually.become("its upkeep has gone round", LIMIT, () -> looks.get() >= 3);
                assertThat(other.health().details().get("vectors.trouble")).contains("follows another store");
                assertRefused(other::verify);
                assertRefused(other::repair);
            }
            assertThat(writes).as("writes to the copy").hasValue(0);
            assertThat(owner.verify().copies().get("vectors").differences()).isZero();
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("follows another store");
    }
}
