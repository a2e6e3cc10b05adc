package io.contextdb.tck.journal;

import static io.contextdb.tck.journal.ParticipantTrial.deadline;
import static io.contextdb.tck.journal.ParticipantTrial.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Participant.Hold;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.OpenedStore;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A store's part in batches that another store decides. */
@Needs(value = Capability.KEYS, batches = true, operationIds = true)
public abstract class ParticipantSuite {
    private static final String HOME = "home";

    private static Mutation event() {
        return new EventMutation.Append(EventDraft.of("type", PropertyMap.empty()));
    }

    private static void isHeldFor(WriteBatch batch, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ContextHeldException.class, held -> {
            assertThat(held.operationId()).isEqualTo(batch.operationId());
            assertThat(held.since()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
        });
    }

    @Test
    @Proves("S6")
    void nobodyReadsOrWritesKeysOfAHeldNamespace(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        ParticipantTrial other = trial.in(NamespaceName.of(kit.name()));
        trial.apply(put("k", "before"));
        other.apply(put("k", "elsewhere"));
        WriteBatch batch = trial.batch(put("k", "after"));
        trial.hold(batch);

        try (OpenedStore opened = OpenedStore.again(kit)) {
            ParticipantTrial neighbour = ParticipantTrial.of(kit, opened.backend(), trial.namespace());
            for (ParticipantTrial who : List.of(trial, neighbour)) {
                isHeldFor(batch, () -> who.value("k"));
                isHeldFor(batch, () -> who.value("absent"));
                isHeldFor(batch, () -> who.backend().keys().get(who.scope(), List.of("k", "absent")));
                isHeldFor(batch, () -> who.backend().keys().scan(who.scope(), "", PageRequest.first()));
                isHeldFor(batch, () -> who.apply(put("another", "v")));
                isHeldFor(batch, () -> who.backend().apply(batch, deadline()));
                isHeldFor(batch, () -> who.hold(who.batch(put("another", "v"))));
                isHeldFor(batch, () -> who.finish(who.batch(put("another", "v"))));
            }
        }
        assertThat(other.value("k")).isEqualTo("elsewhere");

        trial.finish(batch);
        assertThat(trial.value("k")).isEqualTo("after");
        assertThat(trial.value("another")).isEmpty();
    }

    @Test
    @Needs({Capability.EVENTS, Capability.CONSUMER_GROUPS})
    @Proves("S6")
    void nobodyReadsOrWritesEventsOfAHeldNamespace(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        trial.apply(event(), new EventMutation.CreateGroup(ConsumerGroup.named("g")));
        WriteBatch batch = trial.batch(event());
        trial.hold(batch);

        var events = trial.backend().events();
        EventQuery all = EventQuery.after(EventPosition.START, 10);
        isHeldFor(batch, () -> events.read(trial.scope(), all));
        isHeldFor(batch, () -> events.last(trial.scope()));
        isHeldFor(batch, () -> events.groups(trial.scope()));
        isHeldFor(batch, () -> events.deadLetters(trial.scope(), "g", PageRequest.first()));
        isHeldFor(batch, () -> trial.apply(new EventMutation.Claim("g", 1)));

        WriteReceipt receipt = trial.finish(batch);
        assertThat(events.read(trial.scope(), all)).hasSize(2);
        assertThat(receipt.results())
                .singleElement()
                .isInstanceOfSatisfying(
                        MutationResult.Appended.class,
                        appended -> assertThat(appended.position()).isEqualTo(events.last(trial.scope())));
    }

    @Test
    @Proves("S6")
    void whatMayNotBeAppliedIsNotHeld(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        trial.apply(put("k", "v"));

        assertThatThrownBy(() -> trial.hold(trial.batch(put("new", "v"), put("k", "w", Condition.absent()))))
                .isInstanceOfSatisfying(
                        PreconditionFailedException.class,
                        failed -> assertThat(failed.mutationIndex()).isEqualTo(1));
        assertThatThrownBy(() -> trial.hold(trial.batch(new KeyMutation.Increment("k", 1))))
                .isInstanceOf(InvalidRequestException.class);

        assertThat(trial.value("k")).isEqualTo("v");
        assertThat(trial.value("new")).isEmpty();
        trial.apply(put("k", "x"));
    }

    @Test
    @Proves("S6")
    void aHoldEndsForItsOperationOnlyAndLeavesNothing(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        trial.apply(put("k", "before"));
        WriteBatch batch = trial.batch(put("k", "after"), put("new", "v"));
        assertThat(trial.hold(batch).state()).isEqualTo(Hold.State.TAKEN);
        assertThat(trial.hold(batch).state()).isEqualTo(Hold.State.FOUND);
        assertThatThrownBy(() -> trial.hold(
                        new WriteBatch(trial.namespace(), batch.operationId(), List.of(put("other", "content")))))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));

        trial.release(trial.batch(put("k", "of another")));
        isHeldFor(batch, () -> trial.value("k"));
        trial.release(batch);

        assertThat(trial.value("k")).isEqualTo("before");
        assertThat(trial.value("new")).isEmpty();
        trial.release(batch);
        trial.apply(put("k", "free"));
    }

    @Test
    @Proves({"S6", "G6"})
    void whatIsFinishedIsAppliedOnceHoweverOften(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        WriteBatch batch = trial.batch(new KeyMutation.Increment("n", 1));
        trial.hold(batch);
        WriteReceipt first = trial.finish(batch);

        assertThat(trial.finish(batch)).isEqualTo(first);
        assertThat(trial.backend().apply(batch, deadline())).isEqualTo(first);
        assertThat(trial.hold(batch).state()).isEqualTo(Hold.State.APPLIED);
        assertThat(trial.value("n"))
                .as("an operation that was applied holds nothing")
                .isEqualTo("1");
        assertThatThrownBy(() -> trial.finish(new WriteBatch(
                        trial.namespace(), batch.operationId(), List.of(new KeyMutation.Increment("n", 2)))))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
    }

    /** A batch that was decided is applied even where its hold was lost and others wrote meanwhile. */
    @Test
    @Proves("S6")
    void aConditionDoesNotRefuseWhatWasDecided(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        trial.apply(put("k", "first"), put("kept", "first"));
        WriteBatch batch = trial.batch(
                put("k", "decided", Condition.version(1)),
                put("there", "decided", Condition.absent()),
                new KeyMutation.DeleteKey("gone", Condition.version(7)),
                put("kept", "decided", Condition.absent().orSkip()));
        trial.apply(put("k", "meanwhile"), put("there", "meanwhile"));

        WriteReceipt receipt = trial.finish(batch);

        assertThat(trial.value("k")).isEqualTo("decided");
        assertThat(trial.value("there")).isEqualTo("decided");
        assertThat(trial.value("kept")).as("what may be left out is judged").isEqualTo("first");
        assertThat(receipt.results().get(2)).isEqualTo(new MutationResult.Removed(0));
        assertThat(trial.finish(batch)).isEqualTo(receipt);
    }

    /** Whoever is late with a batch of a namespace that was dropped since must not bring it back. */
    @Test
    @Proves({"S6", "G1"})
    void whatWasFinishedDoesNotComeBackAfterADrop(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        WriteBatch batch = trial.batch(put("k", "v"));
        trial.hold(batch);
        WriteReceipt receipt = trial.finish(batch);
        trial.drop();

        assertThat(trial.finish(batch).results()).isEqualTo(receipt.results());
        assertThat(trial.value("k")).isEmpty();
        assertThat(trial.isListed()).isFalse();

        assertThat(trial.hold(batch).state()).isEqualTo(Hold.State.APPLIED);
        assertThat(trial.value("k")).as("nothing is held").isEmpty();
        trial.apply(put("k", "new"));
        assertThat(trial.finish(batch).results()).isEqualTo(receipt.results());
        assertThat(trial.value("k")).isEqualTo("new");
    }

    /** A drop of several stores is decided elsewhere, as a batch is. */
    @Test
    @Proves({"S6", "G1"})
    void aNamespaceIsHeldForItsDropAndDroppedOnce(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        trial.apply(put("k", "v"));
        NamespaceDrop drop = NamespaceDrop.of(trial.namespace());
        WriteBatch asDrop = new WriteBatch(trial.namespace(), drop.operationId(), List.of(put("k", "w")));
        assertThat(trial.participant().hold(drop, deadline()).state()).isEqualTo(Hold.State.TAKEN);
        assertThat(trial.participant().hold(drop, deadline()).state()).isEqualTo(Hold.State.FOUND);
        isHeldFor(asDrop, () -> trial.value("k"));
        isHeldFor(asDrop, () -> trial.apply(put("k", "w")));
        isHeldFor(asDrop, () -> trial.finish(trial.batch(put("k", "w"))));
        isHeldFor(asDrop, () -> trial.participant().finish(NamespaceDrop.of(trial.namespace()), deadline()));
        trial.release(asDrop);
        assertThat(trial.value("k")).isEqualTo("v");

        trial.participant().hold(drop, deadline());
        trial.participant().finish(drop, deadline());
        assertThat(trial.value("k")).isEmpty();
        assertThat(trial.isListed()).isFalse();
        assertThat(trial.participant().hold(drop, deadline()).state()).isEqualTo(Hold.State.APPLIED);
        trial.apply(put("k", "new"));
        trial.participant().finish(drop, deadline());
        trial.backend().namespaces().drop(drop, deadline());
        assertThat(trial.value("k")).as("it was dropped before").isEqualTo("new");
    }

    /** Whoever decided it may have been faster than whoever wrote: a drop of what is not there yet counts, too. */
    @Test
    @Proves({"S6", "G1"})
    void aDropThatWasDecidedCountsWhereNothingIsThere(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        NamespaceDrop drop = NamespaceDrop.of(trial.namespace());
        trial.participant().finish(drop, deadline());
        trial.apply(put("k", "new"));
        trial.participant().finish(drop, deadline());
        assertThat(trial.value("k")).isEqualTo("new");
        assertThat(trial.isListed()).isTrue();
    }

    @Test
    @Proves({"S6", "G1"})
    void aNamespaceIsListedOnceItIsFinishedAndNotBefore(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        WriteBatch batch = trial.batch(put("k", "v"));
        trial.hold(batch);
        assertThat(trial.isListed()).isFalse();
        isHeldFor(batch, () -> trial.value("k"));
        trial.release(batch);
        assertThat(trial.isListed()).isFalse();

        trial.hold(batch);
        trial.finish(batch);
        assertThat(trial.isListed()).isTrue();
        assertThat(trial.value("k")).isEqualTo("v");
    }

    @Test
    @Proves("S6")
    void aDroppedNamespaceIsFree(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        trial.apply(put("k", "v"));
        trial.hold(trial.batch(put("k", "w")));

        trial.backend().namespaces().drop(trial.namespace(), deadline());

        assertThat(trial.value("k")).isEmpty();
        trial.apply(put("k", "again"));
    }

    @Test
    @Proves("S4")
    void aWatermarkStaysWhateverItIs(Kit kit) {
        ParticipantTrial trial = ParticipantTrial.of(kit);
        Instant at = Instant.parse("2026-01-02T03:04:05.000006Z");
        Watermark later = new Watermark("a source, with words", 2, new JournalPosition(Long.MAX_VALUE, 8), at);
        Watermark earlier = new Watermark("ü", 0, JournalPosition.START, at.minusSeconds(1));

        try (OpenedStore opened = OpenedStore.again(kit)) {
            ParticipantTrial neighbour = ParticipantTrial.of(kit, opened.backend(), trial.namespace());
            Watermark before = trial.participant().watermark(deadline()).orElse(null);
            assertThat(trial.participant().advance(before, later, deadline())).isTrue();
            assertThat(neighbour.participant().watermark(deadline())).contains(later);
            assertThat(neighbour.participant().advance(null, earlier, deadline()))
                    .as("moved from where it is not")
                    .isFalse();
            assertThat(neighbour.participant().advance(later, earlier, deadline()))
                    .isTrue();
            assertThat(trial.participant().watermark(deadline())).contains(earlier);
        }
        trial.apply(put("k", "v"));
        trial.backend().namespaces().drop(trial.namespace(), deadline());
        assertThat(trial.participant().watermark(deadline())).contains(earlier);
    }

    /** What a home lost of decided batches is given to it again before anybody is served. */
    @Test
    @Proves("S8")
    void aHomeServesOnceItsWatermarkIsOfItsLife(Kit kit) {
        Assumptions.assumeTrue(OpenedStore.takes(kit.url(), HOME), "the store is no home");
        // What takes no part, as a cluster of Redis, is no home either.
        ParticipantTrial alike = ParticipantTrial.of(kit);
        try (OpenedStore opened = OpenedStore.open(kit.url(), Map.of(HOME, "true"))) {
            ParticipantTrial trial = ParticipantTrial.of(kit, opened.backend(), alike.namespace());
            Watermark elsewhere = mark("");
            assertThat(trial.participant()
                            .advance(trial.participant().watermark(deadline()).orElse(null), elsewhere, deadline()))
                    .isTrue();
            WriteBatch batch = trial.batch(put("k", "v"));
            ReadScope scope = new ReadScope(trial.namespace(), soon(), CommitToken.NONE);
            waits(() -> trial.backend().keys().get(scope, List.of("k")));
            waits(() -> trial.backend().keys().scan(scope, "", PageRequest.first()));
            waits(() -> trial.backend().apply(batch, soon()));
            waits(() -> trial.participant().hold(batch, soon()));
            waits(() -> trial.participant().finish(batch, soon()));

            String life = trial.participant().incarnation(deadline());
            assertThatThrownBy(() -> trial.participant().restore(batch, life + ".another", deadline()))
                    .isInstanceOf(ContextUnavailableException.class);
            assertThatThrownBy(() -> trial.participant().advance(elsewhere, mark(life + ".another"), deadline()))
                    .isInstanceOf(ContextUnavailableException.class);
            WriteReceipt restored = trial.participant().restore(batch, life, deadline());
            waits(() -> trial.backend().apply(batch, soon()));
            assertThat(trial.participant().advance(elsewhere, mark(life), deadline()))
                    .isTrue();

            assertThat(trial.value("k")).isEqualTo("v");
            assertThat(trial.finish(batch)).isEqualTo(restored);
            trial.apply(put("k", "w"));
        }
    }

    private static Watermark mark(String incarnation) {
        Instant at = Instant.parse("2026-01-02T03:04:05Z");
        return new Watermark("source", 0, JournalPosition.START, at, incarnation, null);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(50));
    }

    private static void waits(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContextTransientException.class,
                        failed -> assertThat(failed.outcome()).isEqualTo(Outcome.NOT_APPLIED));
    }
}
