package io.contextdb.internal.scaled;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.PageRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What drivers know of the scrubs of a copy: how far the present one is, what the last one found, and when the copy was mended. Thread-safe. */
final class ScrubLog {
    private static final int MOST = 10;
    private static final String BETWEEN = "\n";

    /**
     * A pass that has not ended.
     *
     * @param began when it began
     * @param found differences so far
     * @param space number of the space in which it is, 0 at the begin
     * @param place where it is there
     */
    record Pass(Instant began, long found, long space, SideBySide.Place place) {
        /** Returns a pass that begins. */
        static Pass begin(Instant now) {
            return new Pass(now, 0, 0, SideBySide.Place.BEGIN);
        }
    }

    /**
     * What a pass found.
     *
     * @param ended when it ended
     * @param different points that differed
     */
    record Result(Instant ended, long different) {}

    /**
     * All that is known.
     *
     * @param pass the pass that has not ended, if there is one
     * @param result what the last that ended found, if one has
     * @param mended when the copy was mended last, if it was since
     */
    record Known(Optional<Pass> pass, Optional<Result> result, Optional<Instant> mended) {
        /** Returns how many points differ as far as is known. */
        long different() {
            boolean old = mended.isPresent()
                    && result.filter(found -> found.ended().isBefore(mended.get()))
                            .isPresent();
            return old ? 0 : result.map(Result::different).orElse(0L);
        }
    }

    private final String prefix;
    private final SystemKeys keys;

    ScrubLog(String follower, SystemKeys keys) {
        this.prefix = "scrub/" + follower + "/";
        this.keys = keys;
    }

    Known read(Deadline deadline) {
        Map<String, String> texts = keys.scan(prefix, PageRequest.first(MOST), deadline).items().stream()
                .collect(Collectors.toMap(
                        entry -> entry.key().substring(prefix.length()),
                        (KeyEntry entry) -> entry.value().utf8()));
        return new Known(
                Optional.ofNullable(texts.get("pass"))
                        .filter(text -> !text.isEmpty())
                        .map(ScrubLog::pass),
                Optional.ofNullable(texts.get("result")).map(ScrubLog::result),
                Optional.ofNullable(texts.get("mended")).map(Instant::parse));
    }

    void write(Pass pass, Deadline deadline) {
        @Nullable UUID after = pass.place().after();
        String text = String.join(
                BETWEEN,
                pass.began().toString(),
                Long.toString(pass.found()),
                Long.toString(pass.space()),
                after == null ? "" : after.toString(),
                pass.place().copied(),
                pass.place().right());
        keys.put(prefix + "pass", text, deadline);
    }

    private static Pass pass(String text) {
        String[] parts = text.split(BETWEEN, 6);
        UUID after = parts[3].isEmpty() ? null : UUID.fromString(parts[3]);
        return new Pass(
                Instant.parse(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                new SideBySide.Place(parts[4], parts[5], after));
    }

    /** Ends the pass. */
    void write(Result result, Deadline deadline) {
        keys.put(prefix + "result", result.ended() + BETWEEN + result.different(), deadline);
        keys.put(prefix + "pass", "", deadline);
    }

    private static Result result(String text) {
        String[] parts = text.split(BETWEEN, 2);
        return new Result(Instant.parse(parts[0]), Long.parseLong(parts[1]));
    }

    /** Says that the copy was mended: what was found before does not count any more. */
    void mended(Instant now, Deadline deadline) {
        keys.put(prefix + "mended", now.toString(), deadline);
    }
}
