package io.contextdb.cli;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.AsOf;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Reads {@code --as-of}: the world as it was known at an instant, or at the beginning of a day in UTC. */
public final class PointInTime {
    private PointInTime() {}

    /** Returns the point on both axes of time; that of now for an empty text. */
    public static AsOf parse(String text) {
        if (text.isEmpty()) {
            return AsOf.now();
        }
        try {
            return AsOf.at(
                    text.contains("T")
                            ? Instant.parse(text)
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException malformed) {
            throw new InvalidRequestException(
                    "--as-of",
                    "must be a day such as 2026-01-31 or an instant such as 2026-01-31T12:00:00Z, is '" + text + "'");
        }
    }
}
