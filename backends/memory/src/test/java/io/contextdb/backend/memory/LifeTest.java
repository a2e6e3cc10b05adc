package io.contextdb.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifeTest {
    /** A batch that was held in a store which is gone must not be decided by what is in the next one of its name. */
    @Test
    void aStoreThatIsMadeAgainLivesAnotherLife() {
        String first = lifeOf("again");

        assertThat(lifeOf("again")).isNotEqualTo(first);
    }

    @Test
    void whoSharesAStoreSharesItsLife() {
        NamedStores.open("shared");
        try {
            String first = lifeOf("shared");

            assertThat(lifeOf("shared")).isEqualTo(first);
        } finally {
            NamedStores.release("shared");
        }
    }

    private static String lifeOf(String name) {
        try (MemoryBackend backend =
                new MemoryBackend(NamedStores.open(name), false, true, () -> NamedStores.release(name))) {
            return backend.participant().orElseThrow().incarnation(Deadline.after(Duration.ofSeconds(10)));
        }
    }
}
