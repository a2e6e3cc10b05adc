package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.journal.Follower;
import io.contextdb.spi.journal.History;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Tail;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Ways to get the protocol wrong; each must be found by some schedule, or the simulation is worth nothing. */
enum SimDefect {
    /** The protocol as it is. */
    NONE(0),

    // Copies.
    /** States replace each other in the order of their arrival. */
    NO_FENCE(1250) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return ((SimCopy) real).unfenced();
        }
    },
    /** A deletion leaves nothing behind. */
    NO_MARK(2502) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> {
                Object answer = call.proceed();
                if (call.is("apply")) {
                    real.purge(call.argument(0), marks(call.argument(1)), call.argument(2));
                }
                return answer;
            });
        }
    },
    /** Marks are removed as soon as the watermark has moved. */
    MARKS_PURGED_EARLY(1251) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            List<Runnable> later = new ArrayList<>();
            return copy(real, call -> {
                Object answer = call.proceed();
                if (call.is("apply")) {
                    SpaceRef space = call.argument(0);
                    List<PointVersion> marks = marks(call.argument(1));
                    Deadline deadline = call.argument(2);
                    later.add(() -> real.purge(space, marks, deadline));
                }
                if (call.is("advance")) {
                    List<Runnable> now = List.copyOf(later);
                    later.clear();
                    now.forEach(Runnable::run);
                }
                return answer;
            });
        }
    },
    /** The watermark moves before what it describes is there. */
    WATERMARK_FIRST(2500, SimFault.COPY_CRASHES) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> {
                if (call.is("apply")) {
                    Optional<Watermark> mark = real.watermark(call.argument(2));
                    if (mark.isPresent()) {
                        real.advance(mark.get(), moved(mark.get(), source.end(call.argument(2))), call.argument(2));
                    }
                }
                return call.proceed();
            });
        }
    },
    /** The watermark of the copy is kept somewhere else, and trusted whatever the copy has lost. */
    WATERMARK_ELSEWHERE(1254, SimFault.COPY_CRASHES) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, keptElsewhere());
        }
    },
    /** The watermark moves to the horizon, not to the last entry that was seen. */
    WATERMARK_AT_HORIZON(2500, SimFault.SOURCE_CRASHES) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(
                    real,
                    call -> call.is("advance")
                            ? call.proceed(
                                    call.argument(0),
                                    moved(
                                            call.argument(1),
                                            new JournalPosition(source.horizonNow() - 1, Long.MAX_VALUE)),
                                    call.argument(2))
                            : call.proceed());
        }
    },
    /** The watermark moves to the journal's end, not to the last entry that was seen. */
    WATERMARK_AT_END(2500) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(
                    real,
                    call -> call.is("advance")
                            ? call.proceed(
                                    call.argument(0),
                                    moved(call.argument(1), source.end(call.argument(2))),
                                    call.argument(2))
                            : call.proceed());
        }
    },
    /** A restart of the copy is not noticed. */
    RESTART_NOT_NOTICED(1328, SimFault.COPY_CRASHES) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> call.is("incarnation") ? "life" : call.proceed());
        }
    },
    /** A copy that does not answer is taken to have done it. */
    OUTAGE_IS_SUCCESS(2551) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> {
                try {
                    return call.proceed();
                } catch (ContextTransientException failed) {
                    if (call.is("apply")) {
                        return null;
                    }
                    throw failed;
                }
            });
        }
    },
    /** Only the first of several states is taken. */
    FIRST_STATE_ONLY(1250) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> {
                if (!call.is("apply")) {
                    return call.proceed();
                }
                List<PointState> states = call.argument(1);
                return call.proceed(call.argument(0), states.subList(0, 1), call.argument(2));
            });
        }
    },

    // The journal.
    /** Entries are handed out as they are committed, whatever is still open. */
    NO_HORIZON(2517) {
        @Override
        Journal journal(SimSource real) {
            return source(
                    real,
                    call -> call.is("read")
                            ? real.readAll(call.argument(0)).stream().limit(3).toList()
                            : call.proceed());
        }
    },
    /** Entries are read after the greatest number of a commit that was seen. */
    CURSOR_BY_NUMBER(2517) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                if (!call.is("read")) {
                    return call.proceed();
                }
                JournalPosition after = call.argument(0);
                return real.readAll(JournalPosition.START).stream()
                        .filter(entry -> entry.position().commit() > after.commit())
                        .sorted(Comparator.comparingLong(
                                entry -> entry.position().commit()))
                        .limit(3)
                        .toList();
            });
        }
    },
    /** An entry is left out where several are read. */
    ENTRY_LEFT_OUT(1250) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                Object answer = call.proceed();
                if (call.is("read") && ((List<?>) answer).size() == 3) {
                    List<?> read = (List<?>) answer;
                    return List.of(read.get(0), read.get(2));
                }
                return answer;
            });
        }
    },
    /** A new history of the source is not noticed. */
    NO_EPOCH(2504, SimFault.FAILS_OVER) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> call.is("history") ? new History("source", "line 1") : call.proceed());
        }
    },
    /** A copy does not hear that an epoch begins before it is given something of that. */
    EPOCH_NOT_ANNOUNCED(6_492, SimFault.SOURCE_CRASHES, SimFault.FAILS_OVER) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> {
                if (!call.is("advance")) {
                    return call.proceed();
                }
                Watermark to = call.argument(1);
                return to.source().endsWith("(begun)")
                        ? true
                        : call.proceed(real(call).orElse(null), to, call.argument(2));
            });
        }
    },
    /** A watermark is thought to be of today, so that nothing which came after it can be forgotten. */
    AGE_NOT_LOOKED_AT(0, SimFault.ALL_AWAY) {
        @Override
        Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
            return copy(real, call -> {
                if (call.is("advance")) {
                    return call.proceed(real(call).orElse(null), call.argument(1), call.argument(2));
                }
                Object answer = call.proceed();
                return call.is("watermark")
                        ? ((Optional<?>) answer).map(Watermark.class::cast).map(mark -> at(mark, scheduler.instant()))
                        : answer;
            });
        }
    },
    /** Points carry greater versions than they are worth. */
    VERSION_OF_TOMORROW(2505) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                Object answer = call.proceed();
                if (!call.is("points")) {
                    return answer;
                }
                return ((List<?>) answer)
                        .stream()
                                .map(VersionedPoint.class::cast)
                                .map(point -> new VersionedPoint(point.point(), point.version() + 10))
                                .toList();
            });
        }
    },
    /** Searches do not look at what has changed since the watermark. */
    NO_TAIL(1250) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                Object answer = call.proceed();
                return answer instanceof Tail tail ? new Tail(tail.line(), tail.space(), List.of()) : answer;
            });
        }
    },
    /** Searches look only at changes that may be handed out. */
    TAIL_TO_HORIZON(1250) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                if (!call.is("tail")) {
                    return call.proceed();
                }
                long horizon = real.horizonNow();
                Tail tail = (Tail) call.proceed();
                List<UUID> settled = real.readAll(call.argument(2)).stream()
                        .filter(entry -> entry.position().transaction() < horizon)
                        .flatMap(entry -> entry.points().stream())
                        .map(change -> change.point())
                        .toList();
                return new Tail(
                        tail.line(),
                        tail.space(),
                        tail.points().stream().filter(settled::contains).toList());
            });
        }
    },

    // Batches of several stores.
    /** A batch is judged by the home, but nobody is kept out. */
    NO_HOLD(2500) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(real, call -> {
                Object answer = call.proceed();
                if (call.is("hold")) {
                    WriteBatch batch = call.argument(0);
                    real.release(batch.namespace(), batch.operationId(), call.argument(1));
                }
                return answer;
            });
        }
    },
    /** Whoever comes upon a hold takes it over. */
    HOLD_STOLEN(2500) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(real, call -> {
                try {
                    return call.proceed();
                } catch (ContextHeldException held) {
                    if (!call.is("hold")) {
                        throw held;
                    }
                    WriteBatch batch = call.argument(0);
                    real.release(batch.namespace(), held.operationId(), call.argument(1));
                    return call.proceed();
                }
            });
        }
    },
    /** A hold ends by itself after a while. */
    HOLD_EXPIRES(2500) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(real, call -> {
                try {
                    return call.proceed();
                } catch (ContextHeldException held) {
                    if (held.since().compareTo(Duration.ofMillis(100)) > 0 && call.is("hold")) {
                        WriteBatch batch = call.argument(0);
                        real.release(batch.namespace(), held.operationId(), call.argument(1));
                    }
                    throw held;
                }
            });
        }
    },
    /** What is finished again is applied again. */
    FINISHED_TWICE(2500) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            AtomicLong times = new AtomicLong();
            return home(real, call -> {
                if (!call.is("finish")) {
                    return call.proceed();
                }
                WriteBatch batch = call.argument(0);
                real.release(batch.namespace(), batch.operationId(), call.argument(1));
                UUID another = new UUID(0x6000, times.incrementAndGet());
                return call.proceed(new WriteBatch(batch.namespace(), another, batch.mutations()), call.argument(1));
            });
        }
    },
    /** A home that does not answer is taken to have what it was given again. */
    FINISH_NOT_HEARD(1250, SimFault.HOME_CRASHES) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(real, call -> {
                try {
                    return call.proceed();
                } catch (ContextTransientException failed) {
                    if (!call.is("restore")) {
                        throw failed;
                    }
                    WriteBatch batch = call.argument(0);
                    List<MutationResult> results = batch.mutations().stream()
                            .map(mutation -> (MutationResult) new MutationResult.Done())
                            .toList();
                    return new WriteReceipt(batch.operationId(), results, CommitToken.NONE, Instant.EPOCH);
                }
            });
        }
    },
    /** What a home is given again is taken in whatever life it is in. */
    RESTORED_IN_ANY_LIFE(0, SimFault.HOME_CRASHES) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(
                    real,
                    call -> call.is("restore")
                            ? call.proceed(call.argument(0), real.life(), call.argument(2))
                            : call.proceed());
        }
    },
    /** What was held in a life of the home that is over is decided all the same. */
    LIVES_NOT_LOOKED_AT(13_939, SimFault.HOME_CRASHES) {
        @Override
        Journal journal(SimSource real) {
            return source(
                    real,
                    call -> call.is("apply") && call.arguments().length == 4
                            ? call.proceed(call.argument(0), call.argument(1), List.of(), call.argument(3))
                            : call.proceed());
        }
    },
    /** A home serves as soon as it is back. */
    SERVED_AT_ONCE(0, SimFault.HOME_CRASHES) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            real.servesAtOnce();
            return home(real, Tampered.Call::proceed);
        }
    },
    /** Who finds his batch held takes the hold for his own. */
    HOLD_TAKEN_FOR_OWN(26_294) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(real, call -> {
                Object answer = call.proceed();
                return answer instanceof Participant.Hold hold && hold.state() == Participant.Hold.State.FOUND
                        ? new Participant.Hold(Participant.Hold.State.TAKEN, hold.incarnation())
                        : answer;
            });
        }
    },
    /** The watermark of the home is kept somewhere else, and trusted whatever the home has lost. */
    HOME_WATERMARK_ELSEWHERE(2500, SimFault.HOME_CRASHES) {
        @Override
        Participant participant(SimHome real, SimSource source) {
            return home(real, keptElsewhere());
        }
    },
    /** Nobody finishes what a writer left. */
    NOTES_NOT_READ(1250, SimFault.HOME_CRASHES) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                Object answer = call.proceed();
                return call.is("read")
                        ? ((List<?>) answer)
                                .stream()
                                        .map(entry -> without((JournalEntry) entry))
                                        .toList()
                        : answer;
            });
        }
    },
    /** The note is not written with the batch. */
    NOTE_NOT_WRITTEN(75) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                boolean noted = call.is("apply") && call.arguments().length == 4;
                return noted && !((WriteBatch) call.argument(0)).namespace().equals(SystemKeys.NAMESPACE)
                        ? call.proceed(call.argument(0), Bytes.EMPTY, call.argument(2), call.argument(3))
                        : call.proceed();
            });
        }
    },
    /** A batch that is given up can be decided all the same. */
    GIVEN_UP_BY_WORD_ONLY(1252) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                if (call.is("apply")) {
                    WriteBatch batch = call.argument(0);
                    boolean spoiling = batch.equals(Attempt.spoiling(batch.namespace(), batch.operationId()));
                    boolean decided = real.entry(
                                    batch.namespace(), batch.operationId(), Deadline.after(Duration.ofHours(1)))
                            .isPresent();
                    if (spoiling && !decided) {
                        return new WriteReceipt(batch.operationId(), List.of(), CommitToken.NONE, Instant.EPOCH);
                    }
                }
                return call.proceed();
            });
        }
    },
    /** A batch is taken for given up although it was decided. */
    DECISION_NOT_SEEN(2500) {
        @Override
        Journal journal(SimSource real) {
            return source(real, call -> {
                if (call.is("entry")) {
                    return Optional.empty();
                }
                if (call.is("apply")) {
                    WriteBatch batch = call.argument(0);
                    if (batch.equals(Attempt.spoiling(batch.namespace(), batch.operationId()))) {
                        return new WriteReceipt(batch.operationId(), List.of(), CommitToken.NONE, Instant.EPOCH);
                    }
                }
                return call.proceed();
            });
        }
    };

    private final long schedule;
    private final Set<SimFault> faults;

    SimDefect(long schedule, SimFault... faults) {
        this.schedule = schedule;
        this.faults = Set.of(faults);
    }

    /** Returns a schedule that is known to find it, so that tests need not look long. */
    long schedule() {
        return schedule;
    }

    /** Returns what goes wrong in schedules that look for it. */
    Set<SimFault> faults() {
        return faults;
    }

    Journal journal(SimSource real) {
        return real;
    }

    Projection projection(Projection real, SimSource source, SimScheduler scheduler) {
        return real;
    }

    Participant participant(SimHome real, SimSource source) {
        return real;
    }

    private static Projection copy(Projection real, Tampered.Instead instead) {
        return Tampered.with(Projection.class, real, instead);
    }

    private static Journal source(Journal real, Tampered.Instead instead) {
        return Tampered.with(Journal.class, real, instead);
    }

    private static Participant home(Participant real, Tampered.Instead instead) {
        return Tampered.with(Participant.class, real, instead);
    }

    private static Tampered.Instead keptElsewhere() {
        AtomicReference<@Nullable Watermark> mark = new AtomicReference<>();
        return call -> {
            if (call.is("advance")) {
                Object answer = call.proceed(real(call).orElse(null), call.argument(1), call.argument(2));
                mark.set(call.argument(1));
                return answer;
            }
            if (!call.is("watermark")) {
                return call.proceed();
            }
            String life = ((Follower) call.target()).incarnation(call.argument(0));
            return Optional.ofNullable(mark.get())
                    .map(kept -> new Watermark(
                            kept.source(), kept.epoch(), kept.position(), kept.at(), life, kept.certain()));
        };
    }

    private static Optional<Watermark> real(Tampered.Call call) {
        return ((Follower) call.target()).watermark(call.argument(2));
    }

    private static List<PointVersion> marks(List<PointState> states) {
        return states.stream()
                .filter(state -> state.point().isEmpty())
                .map(state -> new PointVersion(state.id(), state.version(), true))
                .toList();
    }

    private static Watermark moved(Watermark mark, JournalPosition position) {
        return new Watermark(mark.source(), mark.epoch(), position, mark.at(), mark.incarnation(), mark.certain());
    }

    private static Watermark at(Watermark mark, Instant at) {
        return new Watermark(mark.source(), mark.epoch(), mark.position(), at, mark.incarnation(), mark.certain());
    }

    private static JournalEntry without(JournalEntry entry) {
        return new JournalEntry(
                entry.position(),
                entry.namespace(),
                entry.operationId(),
                entry.committedAt(),
                entry.points(),
                Bytes.EMPTY);
    }
}
