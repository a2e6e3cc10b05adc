package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Candidates;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.vector.VectorQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A copy that answers late, does not answer, answers and is not heard, and loses what it wrote last. */
final class SimCopy implements Projection {
    /** What is stored. */
    static final class State {
        final Map<Long, TreeMap<UUID, PointState>> spaces = new TreeMap<>();

        @Nullable
        Watermark mark;
    }

    private final SimScheduler scheduler;
    private final SimLog<State> log = new SimLog<>(State::new);
    private final List<Runnable> sent = new ArrayList<>();
    private boolean fenced = true;
    private boolean faulty;
    private int downUntil;
    private int crashes;

    SimCopy(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Crashes, loses some of its last writes, and is away for a while. */
    void crash(int lost) {
        log.lose(lost);
        crashes++;
        disconnect();
        downUntil = scheduler.steps() + 10;
        scheduler.pass(java.time.Duration.ofSeconds(1));
    }

    /** What was on its way goes down with the connections. */
    void disconnect() {
        sent.clear();
    }

    /** Begins to fail; before, nothing goes wrong. */
    void fail() {
        faulty = true;
    }

    void heal() {
        faulty = false;
        downUntil = 0;
    }

    Map<UUID, PointState> points(long space) {
        return log.state().spaces.getOrDefault(space, new TreeMap<>());
    }

    private <T> T call(Supplier<T> work) {
        scheduler.yield();
        if (scheduler.steps() < downUntil || (faulty && scheduler.random().nextInt(60) == 0)) {
            throw new ContextUnavailableException("the copy does not answer");
        }
        T answer = work.get();
        scheduler.yield();
        if (faulty && scheduler.random().nextInt(60) == 0) {
            throw new ContextUnavailableException("the copy's answer was lost", Outcome.UNKNOWN, null);
        }
        return answer;
    }

    private void write(java.util.function.Consumer<State> write) {
        call(() -> {
            log.write(write);
            return true;
        });
    }

    @Override
    public String incarnation(Deadline deadline) {
        return call(() -> "life " + crashes);
    }

    @Override
    public Optional<Watermark> watermark(Deadline deadline) {
        return call(() -> Optional.ofNullable(log.state().mark));
    }

    @Override
    public boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        return call(() -> {
            boolean moves = Objects.equals(log.state().mark, from);
            if (moves) {
                log.write(state -> state.mark = to);
            }
            return moves;
        });
    }

    /** Takes states in the order of their arrival from now on. */
    SimCopy unfenced() {
        fenced = false;
        return this;
    }

    /** Lets something that was sent once arrive again. */
    void repeat() {
        if (!sent.isEmpty()) {
            sent.get(scheduler.random().nextInt(sent.size())).run();
        }
    }

    /** One by one: a crash may lose the end of what was given together. */
    @Override
    public void apply(SpaceRef space, List<PointState> states, Deadline deadline) {
        sent.add(() -> take(space, states));
        call(() -> {
            take(space, states);
            return true;
        });
    }

    private void take(SpaceRef space, List<PointState> states) {
        states.forEach(fresh -> log.write(state -> state.spaces
                .computeIfAbsent(space.id(), id -> new TreeMap<>())
                .merge(fresh.id(), fresh, (old, next) -> fenced && old.version() > next.version() ? old : next)));
    }

    @Override
    public Candidates candidates(SpaceRef space, List<VectorQuery> queries, Deadline deadline) {
        return call(() -> new Candidates(
                "life " + crashes,
                queries.stream()
                        .map(query -> points(space.id()).values().stream()
                                .filter(state -> state.point().isPresent())
                                .map(PointState::id)
                                .limit(query.k())
                                .toList())
                        .toList()));
    }

    @Override
    public Page<PointVersion> versions(SpaceRef space, PageRequest page, Deadline deadline) {
        return call(() -> Page.last(points(space.id()).values().stream()
                .map(state -> new PointVersion(
                        state.id(), state.version(), state.point().isEmpty()))
                .sorted(PointVersion.ORDER)
                .toList()));
    }

    @Override
    public void purge(SpaceRef space, List<PointVersion> marks, Deadline deadline) {
        write(state -> marks.forEach(mark -> state.spaces
                .getOrDefault(space.id(), new TreeMap<>())
                .computeIfPresent(
                        mark.point(),
                        (id, old) -> old.point().isEmpty() && old.version() == mark.version() ? null : old)));
    }

    @Override
    public Set<Long> spaces(Deadline deadline) {
        return call(() -> new TreeSet<>(log.state().spaces.keySet()));
    }

    @Override
    public void forget(Collection<Long> spaces, Deadline deadline) {
        write(state -> spaces.forEach(state.spaces::remove));
    }
}
