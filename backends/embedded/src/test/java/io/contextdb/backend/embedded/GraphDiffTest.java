package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A diff says the same however it finds what changed: by the time of few changes, by the ids of many (contract N11). */
class GraphDiffTest {
    private static final int BEFORE = 11_000;
    private static final int AFTER = 1_500;

    @TempDir
    Path directory;

    private static Instant put(Opened opened, int first, int count) {
        List<GraphMutation> puts = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            // Neighbours in time are far apart by id.
            puts.add(new GraphMutation.PutNode(
                    NodeDraft.of(
                            new UUID(Long.reverse(i), i), NodeContent.builder().build()),
                    Condition.none(),
                    GraphMutation.Fingerprints.SHARED));
        }
        return opened.apply(puts).committedAt();
    }

    private static List<NodeChange> changes(Opened opened, Instant from, Instant to) {
        List<NodeChange> all = new ArrayList<>();
        Page<NodeChange> page = opened.backend().graph().diff(opened.scope(), from, to, PageRequest.first(1_000));
        all.addAll(page.items());
        while (page.hasNext()) {
            page = opened.backend().graph().diff(opened.scope(), from, to, new PageRequest(1_000, page.next()));
            all.addAll(page.items());
        }
        return all;
    }

    @Test
    void fewChangesAndManyAreTold() {
        try (Opened opened = Opened.in(directory)) {
            Instant middle = put(opened, 0, BEFORE);
            put(opened, BEFORE, AFTER);
            UUID erased = new UUID(Long.reverse(BEFORE + 1), BEFORE + 1);
            Instant end = opened.apply(new GraphMutation.Erase(List.of(erased))).committedAt();

            assertThat(changes(opened, Instant.EPOCH, end))
                    .hasSize(BEFORE + AFTER)
                    .allMatch(change -> change.kind()
                            == (change.id().equals(erased) ? NodeChange.Kind.ERASED : NodeChange.Kind.ADDED))
                    .extracting(NodeChange::id)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo(UuidOrder.INSTANCE);
            assertThat(changes(opened, Instant.EPOCH, middle)).hasSize(BEFORE);
            assertThat(changes(opened, middle, end))
                    .hasSize(AFTER)
                    .allMatch(change -> change.id().getLeastSignificantBits() >= BEFORE)
                    .anyMatch(change -> change.kind() == NodeChange.Kind.ERASED)
                    .extracting(NodeChange::id)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo(UuidOrder.INSTANCE);
        }
    }
}
