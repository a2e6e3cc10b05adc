package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;

import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.write.EventMutation.Trim;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.util.List;

/** Mistakes with trims. */
final class TrimDefects {
    private TrimDefects() {}

    static List<Defect> all() {
        return trims();
    }

    private static Trim forced(Trim trim, Trim other) {
        return trim.isForced() ? other.forced() : other;
    }

    private static List<Defect> trims() {
        return List.of(
                of(
                        "trim-ignores-groups",
                        "A trim removes what groups have not settled.",
                        "E5",
                        replaced(Trim.class, Trim::forced)),
                of(
                        "trim-never-forced",
                        "A forced trim waits for groups.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before().map(Trim::before).orElseGet(() -> Trim.keepNewest(trim.keep())))),
                of(
                        "trim-keeps-one-more",
                        "A trim keeps one event more than asked.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before().isPresent()
                                        ? trim
                                        : forced(trim, Trim.keepNewest(trim.keep() + 1)))),
                of(
                        "trim-age-ignored",
                        "A trim by age removes everything.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before().isPresent() ? forced(trim, Trim.keepNewest(0)) : trim)),
                of(
                        "trim-of-the-same-instant",
                        "A trim by age removes what was appended at its instant.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before()
                                        .map(before -> forced(trim, Trim.before(before.plusNanos(1_000))))
                                        .orElse(trim))),
                of(
                        "trim-by-the-events-time",
                        "A trim by age looks at the events' own times.",
                        "E5",
                        in(
                                "apply",
                                call -> call.rewriting(Trim.class, trim -> {
                                            if (trim.before().isEmpty()) {
                                                return trim;
                                            }
                                            var scope = call.before();
                                            List<Event> all = call.healthy()
                                                    .events()
                                                    .read(scope, EventQuery.after(EventPosition.START, 10_000));
                                            long old = all.stream()
                                                    .filter(event -> event.time()
                                                            .isBefore(trim.before()
                                                                    .get()))
                                                    .count();
                                            return forced(trim, Trim.keepNewest(all.size() - old));
                                        })
                                        .proceed())),
                of("trim-counts-the-log", "A trim returns how many events are left.", "E5", in("apply", call -> {
                    WriteReceipt receipt = call.receipt();
                    return call.batch().mutations().get(0) instanceof Trim
                            ? new WriteReceipt(
                                    receipt.operationId(),
                                    List.of(new MutationResult.Removed(call.healthy()
                                            .events()
                                            .read(call.before(), EventQuery.after(EventPosition.START, 10_000))
                                            .size())),
                                    receipt.token(),
                                    receipt.committedAt())
                            : receipt;
                })),
                of(
                        "trim-of-the-first-group",
                        "A trim waits for the first group only.",
                        "E5",
                        in(
                                "apply",
                                call -> call.rewriting(Trim.class, trim -> {
                                            if (trim.isForced()) {
                                                return trim;
                                            }
                                            var scope = call.before();
                                            List<ConsumerGroup> groups =
                                                    call.healthy().events().groups(scope);
                                            if (groups.size() < 2) {
                                                return trim;
                                            }
                                            EventPosition settled =
                                                    groups.get(0).from();
                                            List<Event> all = call.healthy()
                                                    .events()
                                                    .read(scope, EventQuery.after(EventPosition.START, 10_000));
                                            long left = all.stream()
                                                    .filter(event ->
                                                            event.position().compareTo(settled) > 0)
                                                    .count();
                                            return Trim.keepNewest(Math.max(left, trim.keep()))
                                                    .forced();
                                        })
                                        .proceed())));
    }
}
