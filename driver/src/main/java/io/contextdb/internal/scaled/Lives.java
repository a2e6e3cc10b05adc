package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.write.Condition;
import java.time.Duration;
import java.util.List;

/**
 * Which lives of a home are over, as the source knows: a batch that was held in one of them is not decided any more, as what held it may
 * be lost. Lives are numbered in the order in which relays met them, so that a relay which was paused ends no later one. Thread-safe.
 */
final class Lives {
    /** No call lasts so long. */
    private static final Duration KEPT = Duration.ofDays(7);

    private static final int MOST = 1_000;
    private static final String LIVES = "life/";

    private final SystemKeys keys;

    Lives(SystemKeys keys) {
        this.keys = keys;
    }

    /** Returns what keeps a batch from being decided that was held in a life which is over. */
    static Veto over(String home, String life) {
        return new Veto(SystemKeys.NAMESPACE, "over/" + home + "/" + life);
    }

    /** Ends all lives of a home before one. */
    void begin(Home home, String life, Deadline deadline) {
        if (keys.get(over(home.name(), life).key(), deadline).isPresent()) {
            throw isOver(home);
        }
        String all = LIVES + home.name() + "/";
        List<KeyEntry> known =
                keys.scan(all, new PageRequest(MOST, ""), deadline).items();
        long number = known.stream()
                .filter(entry -> entry.key().equals(all + life))
                .mapToLong(Lives::number)
                .findFirst()
                .orElseGet(() -> next(all + life, known, deadline));
        // A later one has a greater number only if it begins after this was given.
        if (!home.participant().incarnation(deadline).equals(life)) {
            throw isOver(home);
        }
        for (KeyEntry entry : known) {
            if (number(entry) < number) {
                String over =
                        over(home.name(), entry.key().substring(all.length())).key();
                keys.put(over, "", KEPT, Condition.none(), deadline);
                keys.delete(entry.key(), Condition.none(), deadline);
            }
        }
    }

    /** Returns whether any home was ever met. */
    boolean areKnown(Deadline deadline) {
        return !keys.scan(LIVES, PageRequest.first(1), deadline).items().isEmpty();
    }

    private static ContextUnavailableException isOver(Home home) {
        return new ContextUnavailableException(home.name() + " lives another life by now");
    }

    private long next(String key, List<KeyEntry> known, Deadline deadline) {
        long number = known.stream().mapToLong(Lives::number).max().orElse(0) + 1;
        if (!keys.put(key, Long.toString(number), Condition.absent(), deadline)) {
            throw new ContextUnavailableException("another relay works for the same follower");
        }
        return number;
    }

    private static long number(KeyEntry entry) {
        return Long.parseLong(entry.value().utf8());
    }
}
