package io.contextdb.tck.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that writes to the embedded store; 20 rounds, or as many as {@code -Dcontextdb.crash.rounds} says. */
@Tag("slow")
class EmbeddedCrashTest {
    @Test
    void whatWasAcknowledgedIsThereWholeAndNothingElseInPart(@TempDir Path directory) throws Exception {
        int rounds = Integer.getInteger("contextdb.crash.rounds", 20);
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        Path work = Files.createDirectory(directory.resolve("work"));

        long batches = new CrashHarness("contextdb:embedded:" + directory.resolve("store"), work, seed).run(rounds);

        System.out.printf("%d kills, %d batches acknowledged, none lost (seed %d)%n", rounds, batches, seed);
        assertThat(batches).isGreaterThan(rounds);
    }
}
