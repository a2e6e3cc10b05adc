package io.contextdb.tck.journal;

import static io.contextdb.tck.journal.JournalTrial.deadline;
import static io.contextdb.tck.journal.JournalTrial.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.journal.Backlog;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointChange;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.GraphMutation.Fingerprints;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.OpenedStore;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The journal of a store that others follow: nothing missing, nothing twice, nothing late. */
public abstract class JournalSuite {
    private static final String S = "s";

    private static Mutation key(String key) {
        return KeyMutation.PutKey.of(key, Bytes.utf8("v"));
    }

    private static Mutation node(UUID id) {
        return new GraphMutation.PutNode(
                NodeDraft.of(id, NodeContent.builder().build()), Condition.none(), Fingerprints.SHARED);
    }

    private static Mutation event() {
        return new EventMutation.Append(EventDraft.of("type", PropertyMap.empty()));
    }

    @Test
    @Proves("S7")
    void whatChangesPointsIsAnEntry(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            long space = trial.space(S);
            UUID one = UuidV7.next();
            UUID two = UuidV7.next();
            WriteReceipt added = trial.apply(node(one), event(), put(S, one), put(S, two));
            trial.apply(key("no point"));
            trial.apply(new VectorMutation.DeletePoint(S, UuidV7.next()));
            WriteReceipt changed = trial.apply(put(S, one), new VectorMutation.DeletePoint(S, two), key("k"));

            List<JournalEntry> entries = trial.entriesUpTo(changed);

            assertThat(entries)
                    .extracting(JournalEntry::operationId)
                    .containsExactly(added.operationId(), changed.operationId());
            assertThat(entries).allSatisfy(entry -> {
                assertThat(entry.points())
                        .containsExactlyInAnyOrder(new PointChange(space, one), new PointChange(space, two));
                assertThat(entry.note()).isEqualTo(Bytes.EMPTY);
            });
            assertThat(entries.get(0).committedAt()).isEqualTo(added.committedAt());
            assertThat(entries.get(0).position().commit())
                    .isEqualTo(added.token().commit());
            assertThat(entries).extracting(JournalEntry::position).isSorted();
        }
    }

    @Test
    @Proves("S7")
    void whatCarriesANoteIsAnEntryWhateverItChanges(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            trial.space(S);
            UUID id = UuidV7.next();
            WriteReceipt keys = trial.note("keys", key("a"), key("b"));
            WriteReceipt added = trial.note("added", node(id), event(), put(S, id));
            WriteReceipt changed = trial.note("changed", new KeyMutation.Increment("n", 1));
            WriteReceipt asked = trial.note("asked", new GraphMutation.Erase(List.of(id)));

            List<JournalEntry> entries = trial.entriesUpTo(asked);

            assertThat(entries)
                    .extracting(JournalEntry::operationId)
                    .containsExactly(
                            keys.operationId(), added.operationId(), changed.operationId(), asked.operationId());
            assertThat(entries)
                    .extracting(entry -> entry.note().utf8())
                    .containsExactly("keys", "added", "changed", "asked");
            assertThat(entries).extracting(entry -> entry.points().size()).containsExactly(0, 1, 0, 1);
        }
    }

    @Test
    @Proves({"S7", "G6"})
    void aRepeatedBatchHasOneEntryAndARefusedOneNone(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            trial.space(S);
            WriteBatch batch = WriteBatch.of(trial.namespace(), List.of(put(S, UuidV7.next())));
            WriteReceipt first = trial.journal().apply(batch, Bytes.utf8("first"), deadline());
            assertThat(trial.journal().apply(batch, Bytes.utf8("second"), deadline()))
                    .isEqualTo(first);
            assertThat(trial.backend().apply(batch, deadline())).isEqualTo(first);
            WriteBatch refused = WriteBatch.of(
                    trial.namespace(),
                    List.of(
                            put(S, UuidV7.next()),
                            new GraphMutation.RetractNode(UuidV7.next(), "why", Condition.none())));
            assertThatThrownBy(() -> trial.journal().apply(refused, Bytes.utf8("refused"), deadline()))
                    .isInstanceOf(ContextException.class);

            assertThat(trial.entriesUpTo(trial.note("last", key("k"))))
                    .extracting(entry -> entry.note().utf8())
                    .containsExactly("first", "last");
            assertThat(trial.journal().entry(trial.namespace(), refused.operationId(), deadline()))
                    .isEmpty();
        }
    }

    @Test
    @Proves("S7")
    void pointsThatAreNotNamedAreListedToo(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            long space = trial.space(S);
            UUID node = UuidV7.next();
            UUID about = UuidV7.next();
            UUID labelled = UuidV7.next();
            trial.apply(
                    put(S, node),
                    new VectorMutation.PutPoint(
                            S,
                            VectorPoint.builder(about)
                                    .vector(1, 1, 1)
                                    .subject(node.toString())
                                    .build()),
                    new VectorMutation.PutPoint(
                            S,
                            VectorPoint.builder(labelled)
                                    .vector(1, 1, 1)
                                    .property("old", true)
                                    .build()));
            trial.apply(new VectorMutation.DeletePoints(S, Filter.eq(Field.property("old"), true), 10));
            WriteReceipt last = trial.apply(new GraphMutation.Erase(List.of(node)));

            List<JournalEntry> entries = trial.entriesUpTo(last);

            assertThat(entries.get(1).points()).containsExactly(new PointChange(space, labelled));
            assertThat(entries.get(2).points())
                    .containsExactlyInAnyOrder(new PointChange(space, node), new PointChange(space, about));
        }
    }

    @Test
    @Proves("S7")
    void pointsOfADroppedSpaceAreNotListedAndItsNumberIsGone(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            long dropped = trial.space(S);
            long kept = trial.space("kept");
            UUID id = UuidV7.next();
            trial.apply(put(S, id));
            WriteReceipt last = trial.apply(put(S, id), new VectorMutation.DropSpace(S), put("kept", id));

            assertThat(trial.entriesUpTo(last))
                    .last()
                    .satisfies(entry -> assertThat(entry.points()).containsExactly(new PointChange(kept, id)));
            long again = trial.space(S);
            assertThat(again).isNotEqualTo(dropped);
            assertThat(trial.spaces())
                    .containsExactly(
                            new SpaceRef(kept, trial.namespace(), VectorSpace.cosine("kept", 3)),
                            new SpaceRef(again, trial.namespace(), VectorSpace.cosine(S, 3)));
            assertThat(trial.journal().spaces(List.of(dropped, again, Long.MAX_VALUE), deadline()))
                    .extracting(SpaceRef::id)
                    .containsExactly(again);
            assertThat(trial.journal().points(dropped, List.of(id), deadline())).isEmpty();
            assertThat(trial.journal()
                            .versions(dropped, PageRequest.first(), deadline())
                            .items())
                    .isEmpty();
        }
    }

    @Test
    @Proves("S7")
    void versionsAreThoseOfTheCommitsAndRiseOverDeletions(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            long space = trial.space(S);
            List<UUID> ids =
                    IntStream.range(0, 5).mapToObj(i -> UuidV7.next()).sorted().toList();
            List<Long> commits = new ArrayList<>();
            for (UUID id : ids) {
                commits.add(trial.apply(put(S, id)).token().commit());
            }
            commits.set(0, trial.apply(put(S, ids.get(0))).token().commit());
            trial.apply(new VectorMutation.DeletePoint(S, ids.get(1)));
            commits.set(1, trial.apply(put(S, ids.get(1)), key("k")).token().commit());

            List<PointVersion> versions = new ArrayList<>();
            Page<PointVersion> page = trial.journal().versions(space, PageRequest.first(2), deadline());
            versions.addAll(page.items());
            while (!page.next().isEmpty()) {
                page = trial.journal().versions(space, new PageRequest(2, page.next()), deadline());
                versions.addAll(page.items());
            }

            assertThat(versions)
                    .isEqualTo(IntStream.range(0, 5)
                            .mapToObj(i -> new PointVersion(ids.get(i), commits.get(i), false))
                            .toList());
            assertThat(commits.get(1)).isGreaterThan(commits.get(0));
            assertThat(trial.journal().points(space, List.of(ids.get(1), UuidV7.next()), deadline()))
                    .containsExactly(new VersionedPoint(
                            VectorPoint.builder(ids.get(1)).vector(1, 2, 3).build(), commits.get(1)));
        }
    }

    @Test
    @Proves("S7")
    void anEntryIsFoundByItsOperationAtOnce(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            WriteReceipt noted = trial.note("here", key("k"));
            WriteReceipt plain = trial.apply(key("k"));

            assertThat(trial.journal().entry(trial.namespace(), noted.operationId(), deadline()))
                    .hasValueSatisfying(entry -> assertThat(entry.note()).isEqualTo(Bytes.utf8("here")));
            assertThat(trial.journal().entry(trial.namespace(), plain.operationId(), deadline()))
                    .isEmpty();
            assertThat(trial.journal().entry(NamespaceName.of(kit.name()), noted.operationId(), deadline()))
                    .isEmpty();
        }
    }

    @Test
    @Proves("S7")
    void theTailOfASpaceIsWhatChangedInItSince(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            long space = trial.space(S);
            trial.space("other");
            UUID before = UuidV7.next();
            UUID changed = UuidV7.next();
            UUID deleted = UuidV7.next();
            WriteReceipt first = trial.apply(put(S, before), put(S, deleted));
            List<JournalEntry> seen = trial.entriesUpTo(first);
            JournalPosition after = seen.get(seen.size() - 1).position();
            trial.apply(put(S, changed), put("other", UuidV7.next()));
            trial.apply(put(S, changed));
            trial.apply(new VectorMutation.DeletePoint(S, deleted));

            assertThat(trial.journal().tail(trial.scope(), S, after, 10)).satisfies(tail -> {
                assertThat(tail.space()).isEqualTo(new SpaceRef(space, trial.namespace(), VectorSpace.cosine(S, 3)));
                assertThat(tail.points()).containsExactlyInAnyOrder(changed, deleted);
            });
            assertThat(trial.journal().tail(trial.scope(), S, after, 1).points())
                    .hasSize(1)
                    .isSubsetOf(changed, deleted);
            assertThat(trial.journal()
                            .tail(trial.scope(), S, JournalPosition.START, 10)
                            .points())
                    .containsExactlyInAnyOrder(before, changed, deleted);
            assertThatThrownBy(() -> trial.journal().tail(trial.scope(), "none", after, 10))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    @Proves("S7")
    void theBacklogIsWhatLiesAfterAPosition(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            WriteReceipt first = trial.note("first", key("k"));
            List<JournalEntry> seen = trial.entriesUpTo(first);
            JournalPosition after = seen.get(seen.size() - 1).position();
            assertThat(trial.journal().backlog(after, deadline())).isEqualTo(new Backlog(0, Duration.ZERO));
            trial.note("second", key("k"));
            trial.note("third", key("k"));

            assertThat(trial.journal().backlog(after, deadline())).satisfies(backlog -> {
                assertThat(backlog.entries()).isEqualTo(2);
                assertThat(backlog.age()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
            });
        }
    }

    @Test
    @Proves("S7")
    void notesAreForgottenAsFarAsIsAskedFor(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit)) {
            trial.note("first", key("k"));
            trial.note("second", key("k"));
            WriteReceipt last = trial.note("third", key("k"));
            JournalPosition second = trial.entriesUpTo(last).get(1).position();
            Instant later = last.committedAt().plusSeconds(1);

            trial.journal().forgetNotes(second, last.committedAt().minus(Duration.ofDays(1)), deadline());
            assertThat(trial.entriesUpTo(last))
                    .extracting(entry -> entry.note().utf8())
                    .containsExactly("first", "second", "third");
            trial.journal().forgetNotes(second, later, deadline());
            assertThat(trial.entriesUpTo(last))
                    .extracting(entry -> entry.note().utf8())
                    .containsExactly("", "", "third");
        }
    }

    @Test
    @Proves("S7")
    void notesThatAreLeftAreListed(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit);
                JournalTrial other = JournalTrial.open(kit)) {
            trial.space(S);
            trial.note("first", key("k"));
            trial.apply(put(S, UuidV7.next()));
            other.note("elsewhere", key("k"));
            WriteReceipt last = trial.note("second", key("k"));

            List<JournalEntry> noted = noted(trial);

            assertThat(noted).extracting(entry -> entry.note().utf8()).containsExactly("first", "second");
            assertThat(noted).extracting(JournalEntry::position).isSorted();
            trial.entriesUpTo(last);
            trial.journal()
                    .forgetNotes(noted.get(0).position(), last.committedAt().plusSeconds(1), deadline());
            assertThat(noted(trial)).extracting(entry -> entry.note().utf8()).containsExactly("second");
        }
    }

    /** Reads them one by one. */
    private static List<JournalEntry> noted(JournalTrial trial) {
        List<JournalEntry> all = new ArrayList<>();
        List<JournalEntry> some;
        JournalPosition after = JournalPosition.START;
        do {
            some = trial.journal().noted(trial.namespace(), after, 1, deadline());
            all.addAll(some);
            after = some.isEmpty() ? after : some.get(0).position();
        } while (!some.isEmpty());
        return all;
    }

    @Test
    @Proves("S7")
    void theHistoryIsTheStoresWhoeverAsks(Kit kit) {
        try (JournalTrial trial = JournalTrial.open(kit);
                JournalTrial other = JournalTrial.open(kit)) {
            OpenedStore.again(kit).close();
            trial.apply(key("k"));

            assertThat(other.journal().history(deadline()))
                    .isEqualTo(trial.journal().history(deadline()));
        }
    }

    @Test
    @Proves("S7")
    void whatIsWrittenByWhoeverDoesNotKnowThatOthersFollowIsAnEntryToo(Kit kit) {
        JournalTrial.assumeKept(kit);
        try (OpenedStore before = OpenedStore.again(kit);
                JournalTrial trial = JournalTrial.open(kit)) {
            long space = trial.space(S);
            UUID id = UuidV7.next();
            WriteReceipt put =
                    before.backend().apply(WriteBatch.of(trial.namespace(), List.of(put(S, id))), deadline());

            assertThat(trial.entriesUpTo(put))
                    .last()
                    .satisfies(entry -> assertThat(entry.points()).containsExactly(new PointChange(space, id)));
        }
    }

    @Test
    @Proves({"S7", "G13"})
    void whoFollowsWhileManyWriteMissesNothing(Kit kit) {
        int writers = 4;
        int batches = 40;
        try (JournalTrial trial = JournalTrial.open(kit)) {
            List<NamespaceName> namespaces = List.of(NamespaceName.of(kit.name()), NamespaceName.of(kit.name()));
            namespaces.forEach(name -> trial.apply(name, new VectorMutation.CreateSpace(VectorSpace.cosine(S, 3))));
            List<JournalEntry> seen = new ArrayList<>();
            List<List<UUID>> written = kit.together(writers + 1, thread -> {
                List<UUID> operations = new ArrayList<>();
                for (int i = 0; thread > 0 && i < batches; i++) {
                    NamespaceName name = namespaces.get((thread + i) % namespaces.size());
                    operations.add(trial.apply(name, put(S, UuidV7.next())).operationId());
                }
                if (thread == 0) {
                    kit.await("every entry is handed out", () -> {
                        JournalPosition from = seen.isEmpty()
                                ? JournalPosition.START
                                : seen.get(seen.size() - 1).position();
                        seen.addAll(trial.journal().read(from, 10, deadline()));
                        return seen.stream()
                                        .filter(entry -> namespaces.contains(entry.namespace()))
                                        .count()
                                == (long) writers * batches;
                    });
                }
                return operations;
            });

            assertThat(seen).extracting(JournalEntry::position).isSorted().doesNotHaveDuplicates();
            assertThat(seen)
                    .filteredOn(entry -> namespaces.contains(entry.namespace()))
                    .extracting(JournalEntry::operationId)
                    .containsExactlyInAnyOrderElementsOf(
                            written.stream().flatMap(List::stream).toList());
        }
    }
}
