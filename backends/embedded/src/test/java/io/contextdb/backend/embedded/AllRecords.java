package io.contextdb.backend.embedded;

import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/** A store with records of every kind, and everything that can be read of them, each by its own call. */
final class AllRecords {
    /** What a call answers where the store says that it is damaged. */
    record Damaged(String message) {}

    private static final int EACH = 24;
    private static final String SPACE = "default";

    private AllRecords() {}

    private static UUID node(int n) {
        return new UUID(7, n);
    }

    private static UUID edge(int n) {
        return new UUID(8, n);
    }

    private static String text(int n, int length) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(n);
        while (text.length() < length) {
            text.append("word").append(random.nextInt(50)).append(' ');
        }
        return text.toString();
    }

    /** Writes a round of records: new ones, and new versions of those of the rounds before. */
    static void write(Opened opened, int round) {
        if (round == 0) {
            opened.apply(
                    new VectorMutation.CreateSpace(VectorSpace.cosine(SPACE, 8)),
                    new EventMutation.CreateGroup(ConsumerGroup.named("group")));
        }
        for (int i = 0; i < EACH; i++) {
            int n = round * EACH + i;
            opened.apply(batch(n, round, n % 6 == 0 ? 9_000 : 60));
        }
    }

    private static List<Mutation> batch(int n, int round, int length) {
        NodeContent content = NodeContent.builder()
                .label("fact")
                .property("n", n)
                .property("text", text(n, length))
                .build();
        List<Mutation> batch = new ArrayList<>();
        batch.add(new GraphMutation.PutNode(
                NodeDraft.of(node(n), content), Condition.none(), GraphMutation.Fingerprints.SHARED));
        if (round > 0) {
            batch.add(new GraphMutation.PutNode(
                    NodeDraft.of(node(n % EACH), content), Condition.none(), GraphMutation.Fingerprints.SHARED));
        }
        batch.add(new GraphMutation.PutEdge(
                EdgeDraft.of(edge(n), EdgeContent.of(node(n), "knows", node(n % EACH))), Condition.none()));
        batch.add(new VectorMutation.PutPoint(
                SPACE,
                VectorPoint.builder(node(n))
                        .vector(vector(n))
                        .text(text(n, 80))
                        .property("n", n)
                        .build()));
        batch.add(KeyMutation.PutKey.of("key" + n, Bytes.utf8(text(n, length))));
        batch.add(KeyMutation.PutKey.of("shared" + n % 5, Bytes.utf8("value" + n)));
        batch.add(new EventMutation.Append(EventDraft.of("seen", PropertyMap.of("n", n))));
        batch.add(DocumentMutation.PutDocument.of(
                "notes", "note" + n % (EACH + 9), PropertyMap.of("text", text(n, length))));
        batch.add(new GraphMutation.PutSource("source" + n, new TreeSet<>(List.of("web")), PropertyMap.of("n", n)));
        return batch;
    }

    private static Vector vector(int n) {
        Random random = new Random(n);
        float[] values = new float[8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Vector.of(values);
    }

    /** Reads everything of a number of rounds, each answer as it came. */
    static Map<String, Object> read(Opened opened, int rounds) {
        Map<String, Object> read = new TreeMap<>();
        PageRequest all = PageRequest.first(1_000);
        for (int i = 0; i < rounds * EACH; i++) {
            int n = i;
            UUID id = node(n);
            ask(read, "node " + n, () -> opened.backend().graph().get(opened.scope(), List.of(id)));
            ask(read, "history " + n, () -> opened.backend().graph().history(opened.scope(), id, all));
            ask(read, "edge " + n, () -> opened.backend().graph().getEdges(opened.scope(), List.of(edge(n))));
            ask(
                    read,
                    "edges " + n,
                    () -> opened.backend().graph().edges(opened.scope(), EdgeQuery.of(Direction.BOTH, id)));
            ask(read, "point " + n, () -> opened.backend().vectors().get(opened.scope(), SPACE, List.of(id)));
            ask(read, "key " + n, () -> opened.backend().keys().get(opened.scope(), List.of("key" + n)));
            ask(
                    read,
                    "document " + n,
                    () -> opened.backend().documents().get(opened.scope(), "notes", List.of("note" + n)));
            ask(read, "source " + n, () -> opened.backend().graph().sources(opened.scope(), List.of("source" + n)));
        }
        ask(read, "nodes", () -> opened.backend().graph().scan(opened.scope(), NodeQuery.of(Filter.everything())));
        ask(read, "sources", () -> opened.backend().graph().sources(opened.scope(), all));
        ask(read, "spaces", () -> opened.backend().vectors().spaces(opened.scope()));
        ask(read, "points", () -> opened.backend().vectors().scroll(opened.scope(), SPACE, Filter.everything(), all));
        ask(
                read,
                "nearest",
                () -> opened.backend()
                        .vectors()
                        .search(opened.scope(), List.of(VectorQuery.nearest(SPACE, vector(3), 5))));
        ask(
                read,
                "matching",
                () -> opened.backend().vectors().searchText(opened.scope(), List.of(TextQuery.of(SPACE, "word7", 5))));
        ask(read, "keys", () -> opened.backend().keys().scan(opened.scope(), "", all));
        ask(
                read,
                "events",
                () -> opened.backend().events().read(opened.scope(), EventQuery.after(EventPosition.START, 1_000)));
        ask(read, "groups", () -> opened.backend().events().groups(opened.scope()));
        ask(
                read,
                "documents",
                () -> opened.backend()
                        .documents()
                        .find(opened.scope(), DocumentQuery.of("notes", Filter.everything())));
        ask(read, "namespaces", () -> opened.backend().namespaces().list(all, Opened.soon()));
        return read;
    }

    private static void ask(Map<String, Object> read, String what, Supplier<Object> call) {
        try {
            read.put(what, call.get());
        } catch (CorruptDataException damaged) {
            read.put(what, new Damaged(String.valueOf(damaged.getMessage())));
        } catch (ContextUnavailableException broken) {
            // The index of texts cannot be brought up to date from damaged records, and says why.
            Throwable cause = broken;
            while (!(cause instanceof CorruptDataException)) {
                cause = cause.getCause();
                if (cause == null) {
                    throw broken;
                }
            }
            read.put(what, new Damaged(String.valueOf(cause.getMessage())));
        }
    }
}
