package io.contextdb.internal.scaled;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs actors one at a time: each goes on until it calls a store, and then another is chosen, by a seed. Time passes with each
 * step. What happens follows from the seed alone.
 */
final class SimScheduler implements InstantSource {
    /** Ends an actor wherever it is; no code catches it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** Something that runs. */
    static final class Actor {
        private final String name;
        private final Semaphore turn = new Semaphore(0);
        private volatile boolean killed;
        private volatile boolean ended;
        private int asleepUntil;
        private volatile @Nullable Throwable failure;

        Actor(String name) {
            this.name = name;
        }
    }

    private final Random random;
    private final List<Actor> actors = new ArrayList<>();
    private final Semaphore back = new Semaphore(0);
    private @Nullable Actor current;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int steps;

    SimScheduler(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    @Override
    public Instant instant() {
        return now;
    }

    int steps() {
        return steps;
    }

    /** Starts an actor, which takes its first step when it is chosen. */
    Actor start(String name, Runnable work) {
        Actor actor = new Actor(name);
        Thread.ofVirtual().start(() -> {
            actor.turn.acquireUninterruptibly();
            try {
                if (!actor.killed) {
                    work.run();
                }
            } catch (Killed expected) {
                // It was to end here.
            } catch (Throwable failed) {
                actor.failure = failed;
            } finally {
                actor.ended = true;
                back.release();
            }
        });
        actors.add(actor);
        return actor;
    }

    /** Runs something to its end, others meanwhile. */
    void run(String name, Runnable work) {
        Actor actor = start(name, work);
        while (!actor.ended) {
            step();
        }
    }

    void kill(Actor actor) {
        actor.killed = true;
    }

    /** Lets an actor sleep for some steps, wherever it is: its process was paused. */
    void pause(Actor actor, int length) {
        actor.asleepUntil = steps + length;
    }

    /** Lets others go on; called by actors wherever they wait for a store. */
    void yield() {
        Actor me = current;
        if (me == null) {
            return;
        }
        back.release();
        me.turn.acquireUninterruptibly();
        if (me.killed) {
            throw new Killed();
        }
    }

    /** Takes a step of one actor; false if none is left. */
    boolean step() {
        actors.removeIf(actor -> actor.ended);
        if (actors.isEmpty()) {
            return false;
        }
        Actor chosen = actors.get(random.nextInt(actors.size()));
        while (chosen.asleepUntil > steps && !chosen.killed) {
            steps++;
            chosen = actors.get(random.nextInt(actors.size()));
        }
        now = now.plusMillis(random.nextInt(8));
        steps++;
        current = chosen;
        chosen.turn.release();
        back.acquireUninterruptibly();
        current = null;
        Throwable failed = chosen.failure;
        if (failed != null) {
            throw new AssertionError(chosen.name + " failed", failed);
        }
        return true;
    }

    /** Makes time pass. */
    void pass(java.time.Duration time) {
        now = now.plus(time);
    }

    /** Ends what still runs. */
    void end() {
        actors.forEach(this::kill);
        while (step()) {
            // Each ends at its next step.
        }
    }
}
