package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls of a home pass once its watermark was written in the life of the server that the connection leads to (contract S8), and
 * waits for that. Once it is so, it stays so for the connection, and costs a call nothing. Thread-safe.
 */
final class Served implements Link.Rule {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Names names;
    private volatile Link.@Nullable Connection passed;

    Served(Names names) {
        this.names = names;
    }

    @Override
    public void check(Link link, Link.Connection connection, String operation, Deadline deadline) {
        while (!connection.equals(passed)) {
            byte[] stored = link.ask(connection, operation, deadline, commands -> commands.get(names.watermark()));
            boolean here = Optional.ofNullable(stored)
                    .map(Watermarks::read)
                    .map(Watermark::incarnation)
                    .filter(connection.life()::equals)
                    .isPresent();
            if (here) {
                passed = connection;
            } else {
                pause(operation, deadline);
            }
        }
    }

    private static void pause(String operation, Deadline deadline) {
        if (deadline.remaining().compareTo(PAUSE) <= 0) {
            throw new ContextUnavailableException(
                    operation
                            + ": Redis was restarted, and no relay has given it again yet what it may have lost of decided batches");
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
