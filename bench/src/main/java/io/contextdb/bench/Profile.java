package io.contextdb.bench;

import java.time.Duration;

/** How long and how large. */
public enum Profile {
    /** About two minutes: the comparisons in which a regression would show first, over little data. */
    SMOKE(Duration.ofMillis(1_500), Duration.ofMillis(7_500), 0, Duration.ofMillis(250), 8, 1),
    /** Everything but the peers, over enough data to mean something. */
    FULL(Duration.ofSeconds(2), Duration.ofSeconds(20), WarmUp.COMPILED, Duration.ofMillis(400), 12, 8),
    /** Other libraries for the same purpose. */
    PEERS(Duration.ofSeconds(1), Duration.ofSeconds(5), 0, Duration.ofMillis(300), 8, 1);

    private final Duration least;
    private final Duration most;
    private final int calls;
    private final Duration round;
    private final int rounds;
    private final int turns;

    Profile(Duration least, Duration most, int calls, Duration round, int rounds, int turns) {
        this.least = least;
        this.most = most;
        this.calls = calls;
        this.round = round;
        this.rounds = rounds;
        this.turns = turns;
    }

    /** Returns how long each side runs before rounds count. */
    WarmUp warmUp() {
        return new WarmUp(least, most, calls);
    }

    /** Returns how long a round of a side takes, about. */
    public Duration round() {
        return round;
    }

    /** Returns how many rounds each side has; an even number. */
    public int rounds() {
        return rounds;
    }

    /** Returns into how many turns of each side a round is divided at most. */
    public int turns() {
        return turns;
    }
}
