package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What one attempt may have done, a later one that got nowhere does not deny. */
class UnknownOutcomeTest {
    private static final Supplier<RuntimeException> LOST =
            () -> new ContextUnavailableException("the answer did not come", Outcome.UNKNOWN, null);
    private static final Supplier<RuntimeException> REFUSED = () -> new ContextUnavailableException("nobody listens");

    private final ScriptedBackend backend = new ScriptedBackend();

    private void put() {
        try (ContextDataSource source = backend.source().build()) {
            source.getConnection().namespace("n").keys().put("k", Bytes.EMPTY);
        }
    }

    @Test
    void aRefusalAfterALostAnswerLeavesTheOutcomeUnknown() {
        backend.failures.add(LOST);
        for (int i = 0; i < 3; i++) {
            backend.failures.add(REFUSED);
        }

        assertThatThrownBy(this::put).isInstanceOfSatisfying(ContextException.class, failed -> {
            assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(failed.getSuppressed()).hasSize(1);
        });
        assertThat(backend.calls).hasValue(4);
    }

    @Test
    void soDoesAnErrorThatIsNotAboutTheBatch() {
        backend.failures.add(LOST);
        backend.failures.add(() -> new ContextClosedException("backend"));

        assertThatThrownBy(this::put)
                .isInstanceOfSatisfying(
                        ContextException.class,
                        failed -> assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN));
    }

    @Test
    void aStoreThatJudgedTheBatchKnows() {
        backend.failures.add(LOST);
        backend.failures.add(() -> new InvalidRequestException("key", "is wrong"));

        assertThatThrownBy(this::put)
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.outcome()).isEqualTo(Outcome.NOT_APPLIED));
    }

    @Test
    void refusalsAloneAreKnown() {
        for (int i = 0; i < 4; i++) {
            backend.failures.add(REFUSED);
        }

        assertThatThrownBy(this::put)
                .isInstanceOfSatisfying(
                        ContextException.class,
                        failed -> assertThat(failed.outcome()).isEqualTo(Outcome.NOT_APPLIED));
    }

    @Test
    void aDropWhoseAnswerWasLostIsRepeatedUnderItsOperationId() {
        backend.failures.add(LOST);
        backend.failures.add(REFUSED);

        try (ContextDataSource source = backend.source().build()) {
            var connection = source.getConnection();
            connection.namespace("n").drop();
            assertThat(connection.token()).as("later reads see it").isEqualTo(new CommitToken(0, 3, 0));
        }
        assertThat(backend.drops).hasSize(3);
        assertThat(backend.drops.stream().distinct()).hasSize(1);
    }

    @Test
    void aDropIsNotRepeatedWhereNobodyRemembersIt() {
        backend.idempotency = Idempotency.NATURAL;
        backend.failures.add(LOST);

        try (ContextDataSource source = backend.source().build()) {
            Namespace namespace = source.getConnection().namespace("n");
            assertThatThrownBy(namespace::drop)
                    .isInstanceOfSatisfying(
                            ContextException.class,
                            failed -> assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN));
        }
        assertThat(backend.drops).hasSize(1);
    }
}
