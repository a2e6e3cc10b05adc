package io.contextdb.arguments;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.ContextUrl;
import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.memory.Cascade;
import io.contextdb.memory.ContradictionJudge;
import io.contextdb.memory.Feedback;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryMode;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.MemorySettings;
import io.contextdb.memory.MemoryType;
import io.contextdb.memory.Relation;
import io.contextdb.memory.ScoreWeights;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStrategy;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.lang.reflect.Array;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** A good value of each type, for the parameters beside the hostile one and for what is called. */
final class Samples {
    private static final Map<Class<?>, Object> VALUES = new HashMap<>();
    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    static {
        Filter filter = Filter.everything();
        Vector vector = Vector.of(1, 2);
        NodeContent node = NodeContent.builder().build();
        EdgeContent edge = EdgeContent.of(ID, "t", ID);
        put(String.class, "sample");
        put(int.class, 1);
        put(long.class, 1L);
        put(double.class, 0.5);
        put(boolean.class, true);
        put(Object.class, "value");
        put(UUID.class, ID);
        put(Duration.class, Duration.ofSeconds(1));
        put(Instant.class, Instant.EPOCH);
        put(ZoneId.class, ZoneOffset.UTC);
        put(Class.class, String.class);
        put(Properties.class, new Properties());
        put(Function.class, (Function<Object, Object>) value -> Bytes.EMPTY);
        put(Bytes.class, Bytes.EMPTY);
        put(PropertyMap.class, PropertyMap.of("a", 1));
        put(PageRequest.class, PageRequest.first());
        put(Interval.class, Interval.from(Instant.EPOCH));
        put(AsOf.class, AsOf.now());
        put(Deadline.class, Deadline.after(Duration.ofDays(1)));
        put(CommitToken.class, CommitToken.NONE);
        put(NamespaceName.class, NamespaceName.of("n"));
        put(Field.class, Field.property("a"));
        put(Field.Kind.class, Field.Kind.ID);
        put(Filter.class, filter);
        put(Filter.Operator.class, Filter.Operator.EQ);
        put(SortKey.class, SortKey.ascending("a"));
        put(DocumentQuery.class, DocumentQuery.of("c", filter));
        put(Vector.class, vector);
        put(VectorSpace.class, VectorSpace.cosine("s", 2));
        put(Metric.class, Metric.COSINE);
        put(VectorPoint.class, VectorPoint.builder(ID).text("x").build());
        put(VectorPoint.Builder.class, VectorPoint.builder(ID).text("x"));
        put(VectorQuery.class, VectorQuery.nearest("s", vector, 1));
        put(TextQuery.class, TextQuery.of("s", "x", 1));
        put(HybridQuery.class, new HybridQuery("s", vector, "x", 1, filter));
        put(NodeContent.class, node);
        put(NodeContent.Builder.class, NodeContent.builder());
        put(NodeDraft.class, NodeDraft.of(node));
        put(NodeQuery.class, NodeQuery.of(filter));
        put(EdgeContent.class, edge);
        put(EdgeDraft.class, EdgeDraft.of(edge));
        put(EdgeQuery.class, EdgeQuery.of(Direction.BOTH, ID));
        put(Direction.class, Direction.BOTH);
        put(WalkQuery.class, WalkQuery.from(ID).build());
        put(WalkQuery.Builder.class, WalkQuery.from(ID));
        put(WalkStrategy.class, new WalkStrategy.BreadthFirst());
        put(Payload.class, Payload.json(PropertyMap.empty()));
        put(EventDraft.class, EventDraft.of("t", PropertyMap.empty()));
        put(EventPosition.class, EventPosition.START);
        put(EventQuery.class, EventQuery.after(EventPosition.START, 1));
        put(ConsumerGroup.class, ConsumerGroup.named("g"));
        put(TimeBucket.class, TimeBucket.DAY);
        put(Measure.class, Measure.count("m"));
        put(Measure.Function.class, Measure.Function.COUNT);
        put(
                AggregateQuery.class,
                new AggregateQuery(filter, TimeBucket.ALL, ZoneOffset.UTC, List.of(), List.of(Measure.count("m"))));
        put(Condition.class, Condition.none());
        put(Condition.Kind.class, Condition.Kind.ABSENT);
        put(Condition.Otherwise.class, Condition.Otherwise.FAIL);
        put(KeyMutation.PutKey.class, KeyMutation.PutKey.of("k", Bytes.EMPTY));
        put(Mutation.class, KeyMutation.PutKey.of("k", Bytes.EMPTY));
        put(WriteBatch.class, WriteBatch.of(NamespaceName.of("n"), List.of(new KeyMutation.Increment("k", 1))));
        put(EventMutation.Trim.class, EventMutation.Trim.keepNewest(1));
        put(GraphMutation.Fingerprints.class, GraphMutation.Fingerprints.SHARED);
        put(MemoryDraft.class, MemoryDraft.of("x").vector(vector));
        put(MemoryQuery.class, MemoryQuery.of("x"));
        put(MemoryConfig.class, MemoryConfig.none());
        put(MemorySettings.class, MemorySettings.forVectors(2));
        put(MemoryMode.class, MemoryMode.GENERAL);
        put(MemoryType.class, MemoryType.EPISODIC);
        put(ScoreWeights.class, new ScoreWeights(1, 1, 1, 1));
        put(Relation.class, new Relation("t", ID, 1));
        put(Cascade.class, Cascade.NONE);
        put(Feedback.class, Feedback.USEFUL);
        put(ContradictionJudge.class, (ContradictionJudge) (statement, known) -> java.util.OptionalDouble.empty());
        put(EmbeddingModel.class, new EmbeddingModel("m", 2, 100));
        put(Embedder.class, new Twos());
        put(ContextUrl.class, ContextUrl.parse("contextdb:recording:"));
    }

    private Samples() {}

    private static final class Twos implements Embedder {
        @Override
        public EmbeddingModel model() {
            return new EmbeddingModel("twos", 2, 100);
        }

        @Override
        public List<Vector> embed(List<String> texts, Deadline deadline) {
            return texts.stream().map(text -> Vector.of(1, 1)).toList();
        }

        @Override
        public void close() {}
    }

    private static void put(Class<?> type, Object value) {
        VALUES.put(type, value);
    }

    /** Adds what belongs to an open store. */
    static void add(ContextDataSource source, ContextConnection connection, BackendProvider provider) {
        Namespace namespace = connection.namespace("n");
        put(BackendProvider.class, provider);
        put(ContextDataSource.class, source);
        put(ContextDataSource.Builder.class, ContextDataSource.builder("contextdb:recording:"));
        put(ContextConnection.class, connection);
        put(io.contextdb.AsyncConnection.class, connection.async());
        put(Namespace.class, namespace);
        put(io.contextdb.Keys.class, namespace.keys());
        put(io.contextdb.Graph.class, namespace.graph());
        put(io.contextdb.Vectors.class, namespace.vectors());
        put(io.contextdb.Events.class, namespace.events());
        put(io.contextdb.Documents.class, namespace.documents("c"));
        put(io.contextdb.Conversation.class, namespace.conversation("c"));
        put(io.contextdb.Conversation.Message.class, io.contextdb.Conversation.Message.of("user", "x"));
        put(io.contextdb.Cache.class, namespace.cache("c", Duration.ofSeconds(1)));
        put(io.contextdb.Limiter.class, namespace.limiter(5, Duration.ofSeconds(1)));
        put(io.contextdb.Batch.class, namespace.batch());
        put(io.contextdb.memory.Memory.class, namespace.memory());
        put(io.contextdb.CachingEmbedder.class, new io.contextdb.CachingEmbedder(new Twos(), namespace.keys()));
    }

    /** Returns a good value, or null if there is none. */
    static Object optional(Class<?> type) {
        if (VALUES.containsKey(type)) {
            return VALUES.get(type);
        }
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), type == byte[].class ? 0 : 1);
            if (type != byte[].class) {
                Array.set(array, 0, type == float[].class ? 1f : optional(type.getComponentType()));
            }
            return array;
        }
        return type == Map.class
                ? Map.of()
                : type == Set.class
                        ? Set.of()
                        : type == SortedSet.class
                                ? new TreeSet<>()
                                : Collection.class.isAssignableFrom(type) || type == Iterable.class ? List.of() : null;
    }
}
