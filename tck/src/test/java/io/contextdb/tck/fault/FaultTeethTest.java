package io.contextdb.tck.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextDriverManager;
import io.contextdb.tck.KitRun;
import io.contextdb.tck.NetworkStore;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The suite of faults passes a client that does everything right, and sees each mistake of those that do not. */
@Tag("slow")
class FaultTeethTest {
    private static Map<String, String> failures(WireBackend.Defect defect, boolean oneByOne, String... tests)
            throws IOException {
        try (WireServer server = new WireServer(oneByOne)) {
            WireBackend.Provider provider = new WireBackend.Provider(defect);
            ContextDriverManager.register(provider);
            NetworkStore store = new NetworkStore(
                    server.address(),
                    address -> "contextdb:" + provider.scheme() + "://127.0.0.1:" + address.getPort());
            return KitRun.failures(store.url().apply(store.address()), Optional.of(store), "Faults", tests);
        }
    }

    /** Of several tests that would see it, one is enough; all of them take minutes. */
    private static void assertSeen(WireBackend.Defect defect, String test) throws IOException {
        assertThat(failures(defect, false, test)).containsOnlyKeys(test);
    }

    @Test
    void whoDoesEverythingRightPasses() throws IOException {
        assertThat(failures(WireBackend.Defect.NONE, false)).isEmpty();
    }

    @Test
    void aCallWithoutADeadline() throws IOException {
        assertSeen(WireBackend.Defect.NO_DEADLINE, "noCallOutlivesItsDeadline");
    }

    @Test
    void anOutcomeThatIsNotKnownAndSaidToBe() throws IOException {
        assertSeen(WireBackend.Defect.NEVER_UNKNOWN, "anUnknownOutcomeIsFoundOutByTheOperationId");
    }

    @Test
    void halfAnAnswerTakenForTheWhole() throws IOException {
        assertSeen(WireBackend.Defect.SHORT_ANSWERS, "aReadThroughFaultsIsRightOrAnError");
    }

    @Test
    void anOperationIdThatIsNotTheCallers() throws IOException {
        assertSeen(WireBackend.Defect.OWN_OPERATION_ID, "anUnknownOutcomeIsFoundOutByTheOperationId");
    }

    @Test
    void anAcknowledgementBeforeTheCommit() throws IOException {
        assertSeen(WireBackend.Defect.TOO_EARLY, "nothingAcknowledgedIsLostUnderAnyFault");
    }

    @Test
    void aBatchThatIsAppliedAsItArrives() throws IOException {
        String test = "aCutAtAnyByteLeavesABatchWholeOrAbsent";
        assertThat(failures(WireBackend.Defect.NONE, true, test)).containsOnlyKeys(test);
    }

    @Test
    void aStoreThatIsMissedOnlyWhenAsked() throws IOException {
        assertSeen(WireBackend.Defect.LAZY, "aStoreThatIsNotThereIsAnErrorAtConnect");
    }
}
