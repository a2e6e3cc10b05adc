package io.contextdb.internal.scaled;

import io.contextdb.ErasureReport.Finding;
import io.contextdb.internal.call.ErasureCheck;
import io.contextdb.spi.Remains;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Asks each of several stores what is left of what was erased, and the journal whether notes still tell of it. Thread-safe. */
final class ErasureProof {
    private static final int NOTES_AT_ONCE = 1_000;
    private static final long UNKNOWN = -1;

    private final Stores stores;
    private final Tokens tokens;
    private final Settlement settlement;
    private final Followers followers;

    ErasureProof(Stores stores, Tokens tokens, Settlement settlement, Followers followers) {
        this.stores = stores;
        this.tokens = tokens;
        this.settlement = settlement;
        this.followers = followers;
    }

    /**
     * Returns what was found, by the name of the store. Each has its share of the time, so that one that is down leaves some to the
     * others.
     */
    Map<String, Finding> of(ReadScope scope, Collection<UUID> ids) {
        Map<String, Finding> found = new HashMap<>();
        Optional<CopyErasure> copy = followers.copyErasure();
        int left = 1 + stores.homes().size() + (copy.isPresent() ? 1 : 0);
        Finding source = source(share(scope, left--), ids);
        found.put(ScaledSettings.GRAPH.name(), source);
        for (Home home : stores.homes()) {
            ReadScope share = share(scope, left--);
            found.put(home.name(), ErasureCheck.of(() -> remains(home, share, ids)));
        }
        if (copy.isPresent()) {
            found.put(ScaledSettings.VECTORS.name(), copied(copy.get(), source, share(scope, left)));
        }
        return found;
    }

    private static ReadScope share(ReadScope scope, int stores) {
        Deadline part =
                Deadline.after(scope.deadline().remaining().dividedBy(stores).plusNanos(1));
        return new ReadScope(scope.namespace(), part, scope.atLeast());
    }

    private Finding source(ReadScope scope, Collection<UUID> ids) {
        Finding found = ErasureCheck.of(() -> stores.source().remains(scope, ids));
        return ErasureCheck.answered(() -> {
            List<String> pending = new ArrayList<>(found.pending());
            notes(scope.namespace(), ids, scope.deadline()).ifPresent(pending::add);
            return new Finding(found.checkedAt(), found.remains(), pending);
        });
    }

    /** Says how long notes of the journal tell of subjects; empty if none does. */
    private Optional<String> notes(NamespaceName namespace, Collection<UUID> ids, Deadline deadline) {
        Set<String> subjects = new HashSet<>();
        ids.forEach(id -> subjects.add(id.toString()));
        long count = 0;
        Instant last = Instant.MIN;
        JournalPosition after = JournalPosition.START;
        List<JournalEntry> entries;
        do {
            entries = stores.journal().noted(namespace, after, NOTES_AT_ONCE, deadline);
            for (JournalEntry entry : entries) {
                after = entry.position();
                if (isAbout(entry, subjects)) {
                    count++;
                    last = entry.committedAt().isAfter(last) ? entry.committedAt() : last;
                }
            }
        } while (!entries.isEmpty());
        return count == 0
                ? Optional.empty()
                : Optional.of("notes of its journal still hold keys or events about them: " + count + "; emptied by "
                        + last.plus(Upkeep.NOTES_GONE).truncatedTo(ChronoUnit.SECONDS) + " if every home is followed");
    }

    private static boolean isAbout(JournalEntry entry, Set<String> subjects) {
        return NoteForm.read(entry.note()).values().stream()
                .flatMap(List::stream)
                .anyMatch(mutation -> subjects.contains(subject(mutation)));
    }

    private static String subject(Mutation mutation) {
        return switch (mutation) {
            case KeyMutation.PutKey put -> put.subject();
            case EventMutation.Append append -> append.event().subject();
            default -> "";
        };
    }

    private Remains remains(Home home, ReadScope scope, Collection<UUID> ids) {
        ReadScope inHome = tokens.forHome(scope);
        return settlement.call(
                home, scope.namespace(), scope.deadline(), () -> home.backend().remains(inHome, ids));
    }

    /** What the source still has, the copy has by right. */
    private static Finding copied(CopyErasure copy, Finding source, ReadScope scope) {
        long points = source.remains().counts().getOrDefault(Remains.Kind.POINTS, UNKNOWN);
        if (points == 0) {
            return ErasureCheck.answered(() -> copy.check(scope.namespace(), scope.deadline()));
        }
        String reason = points == UNKNOWN
                ? "it was not compared: the graph's store, which says what it should have, could not be asked"
                : "the graph's store still has points of them, which it copies: " + points;
        return new Finding(Instant.now(), new Remains(Map.of()), List.of(reason));
    }
}
