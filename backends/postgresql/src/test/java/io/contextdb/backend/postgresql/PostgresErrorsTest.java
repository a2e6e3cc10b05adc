package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What errors of a server mean that stops, starts, takes no writes, or is lost behind a pooler. */
class PostgresErrorsTest {
    private static PSQLException said(String state) {
        return new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0Mwhatever\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25006", "57P01", "57P02", "57P03", "08P01"})
    void aServerThatCannotServeNowIsTransientAndItsConnectionEnds(String state) {
        assertThat(PostgresErrors.of(said(state), Outcome.NOT_APPLIED)).isInstanceOf(ContextUnavailableException.class);
        assertThat(PostgresErrors.endsConnection(said(state))).isTrue();
    }

    @Test
    void onlyAServerThatGoesOnKnowsThatNothingWasApplied() {
        assertThat(PostgresErrors.saysNotApplied(said("25006"))).isTrue();
        assertThat(PostgresErrors.saysNotApplied(said("40001"))).isTrue();
        assertThat(PostgresErrors.saysNotApplied(said("57P01"))).isFalse();
        // PgBouncer: the connection to the server broke.
        assertThat(PostgresErrors.saysNotApplied(said("08P01"))).isFalse();
    }

    @Test
    void otherErrorsLeaveTheConnectionAsItIs() {
        assertThat(PostgresErrors.endsConnection(said("40001"))).isFalse();
        assertThat(PostgresErrors.isReadOnly(said("25006"))).isTrue();
        assertThat(PostgresErrors.isReadOnly(said("57P01"))).isFalse();
    }
}
