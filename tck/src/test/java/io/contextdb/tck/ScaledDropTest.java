package io.contextdb.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drops of several stores, where whoever writes or drops dies on the way, or is late. */
class ScaledDropTest {
    private static final NamespaceName N = NamespaceName.of("n");

    private final String source = "source" + UuidV7.next();
    private final String home = "home" + UuidV7.next();
    private ContextConnection connection;
    private Namespace namespace;
    private Backend atSource;
    private Backend atHome;

    @BeforeEach
    void open() {
        connection = ContextDriverManager.getConnection(
                "contextdb:scaled:?graph=memory:" + source + "&keys=memory:" + home + "&events=memory:" + home);
        namespace = connection.namespace("n");
        atSource = open(source, Map.of("journal", "true"));
        atHome = open(home, Map.of());
    }

    private static Backend open(String name, Map<String, String> options) {
        return new MemoryBackendProvider().open(new BackendConfig("memory", name, options, List.of()));
    }

    @AfterEach
    void close() {
        atHome.close();
        atSource.close();
        connection.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private Participant participant() {
        return atHome.participant().orElseThrow();
    }

    private Journal journal() {
        return atSource.journal().orElseThrow();
    }

    private void fill(UUID node) {
        namespace
                .batch()
                .put(NodeDraft.of(node, NodeContent.builder().build()))
                .put("k", Bytes.utf8("old"))
                .apply();
    }

    /** Returns the note of the last entry of the namespace. */
    private Bytes lastNote() {
        List<JournalEntry> entries = journal().read(JournalPosition.START, 1_000, soon()).stream()
                .filter(entry -> entry.namespace().equals(N) && entry.note().size() > 0)
                .toList();
        return entries.getLast().note();
    }

    @Test
    void aDropIsOneStepOfAllStores() {
        UUID node = UuidV7.next();
        fill(node);
        namespace.drop();

        assertThat(namespace.graph().get(node)).isEmpty();
        assertThat(namespace.keys().get("k")).isEmpty();
        assertThat(connection.namespaces()).isEmpty();
    }

    @Test
    void aDropThatWasDecidedIsFinishedByWhoeverComesUponIt() {
        UUID node = UuidV7.next();
        fill(node);
        connection.namespace("other").drop();
        Bytes note = journal().read(JournalPosition.START, 1_000, soon()).stream()
                .filter(entry -> entry.namespace().value().equals("other"))
                .toList()
                .getLast()
                .note();
        NamespaceDrop drop = NamespaceDrop.of(N);
        participant().hold(drop, soon());
        journal().drop(drop, note, List.of(), soon());

        assertThat(namespace.keys().get("k")).isEmpty();
        assertThat(namespace.graph().get(node)).isEmpty();
        assertThat(connection.namespaces()).doesNotContain("n");
        namespace.keys().put("k", Bytes.utf8("new"));
        participant().finish(drop, soon());
        assertThat(namespace.keys().get("k")).as("whoever is late with it").isPresent();
    }

    @Test
    void aDropThatWasNeverDecidedIsGivenUp() {
        UUID node = UuidV7.next();
        fill(node);
        NamespaceDrop drop = NamespaceDrop.of(N);
        participant().hold(drop, soon());

        assertThat(namespace.keys().get("k")).as("after a while").isPresent();
        assertThat(namespace.graph().get(node)).isPresent();
        namespace.drop();
        assertThat(namespace.keys().get("k")).isEmpty();
    }

    /** Its writer, and the relay, are late with it: it was before the drop. */
    @Test
    void aBatchThatWasDecidedBeforeADropDoesNotComeBack() {
        UUID node = UuidV7.next();
        fill(node);
        WriteBatch part = WriteBatch.of(N, List.of(KeyMutation.PutKey.of("k", Bytes.utf8("old"))));
        GraphMutation.PutNode put = new GraphMutation.PutNode(
                NodeDraft.of(UuidV7.next(), NodeContent.builder().build()),
                Condition.none(),
                GraphMutation.Fingerprints.SHARED);
        Bytes note = lastNote();
        participant().hold(part, soon());
        journal().apply(new WriteBatch(N, part.operationId(), List.of(put)), note, soon());

        namespace.drop();
        assertThat(namespace.keys().get("k")).isEmpty();
        WriteReceipt late = participant().finish(part, soon());
        assertThat(late.operationId()).isEqualTo(part.operationId());
        assertThat(namespace.keys().get("k")).as("its writer finishes it").isEmpty();
        participant().restore(part, participant().incarnation(soon()), soon());
        assertThat(namespace.keys().get("k")).as("a relay gives it again").isEmpty();
        assertThat(namespace.graph().get(put.draft().id())).isEmpty();
        assertThat(connection.namespaces()).isEmpty();
    }

    @Test
    void theDriversOwnNamespaceCannotBeDropped() {
        assertThat(catchThrowable(() -> connection.namespace("contextdb.system").drop()))
                .isInstanceOf(InvalidRequestException.class);
    }
}
