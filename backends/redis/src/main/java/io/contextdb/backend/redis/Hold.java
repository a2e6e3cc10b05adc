package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A namespace that is held for a batch of which another store decides (contract S6).
 *
 * @param operation the batch's operation id
 * @param micros for how long it has been held, in microseconds
 */
record Hold(UUID operation, long micros) {
    /** What the scripts answer, which {@code namespace.lua} writes. */
    private static final Pattern ANSWER = Pattern.compile("HELD for=(?<micros>\\d+) operation=(?<operation>[\\w-]+)");

    /** What is stored, as far as it is text. */
    private static final Pattern STORED = Pattern.compile("(?<since>\\d+) (?<operation>[\\w-]+) .*", Pattern.DOTALL);

    /** What is stored begins so while what is left of a dropped namespace is removed. */
    private static final byte DROPPING = 'd';

    /** Reads the answer of a script. */
    static Hold of(String answer) {
        Matcher parts = ANSWER.matcher(answer);
        if (!parts.find()) {
            throw unreadable();
        }
        return new Hold(OperationIds.read(parts.group("operation")), Long.parseLong(parts.group("micros")));
    }

    /** Reads what is stored, at a time of the server. */
    static Hold read(byte[] stored, long now) {
        Matcher parts = STORED.matcher(new String(stored, StandardCharsets.ISO_8859_1));
        if (!parts.matches()) {
            throw unreadable();
        }
        return new Hold(
                OperationIds.read(parts.group("operation")), Math.max(0, now - Long.parseLong(parts.group("since"))));
    }

    /** Returns whether what is stored says that the namespace is being dropped. */
    static boolean isDropping(byte[] stored) {
        return stored.length > 0 && stored[0] == DROPPING;
    }

    private static CorruptDataException unreadable() {
        return new CorruptDataException("what holds a namespace cannot be read; something else wrote it", null);
    }

    ContextHeldException error() {
        return new ContextHeldException(operation, Duration.of(micros, ChronoUnit.MICROS));
    }
}
