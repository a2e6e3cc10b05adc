package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextDataSource;
import io.contextdb.Conversation;
import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.memory.Cascade;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Input that no store must see: refused with the field's name, before anything is written. */
@SuppressWarnings("NullAway")
public abstract class BadInputSuite {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final String LONG = "x".repeat(2_000_000);

    /** A call with bad input, and what its error must name. */
    private record Bad(String named, Consumer<Namespace> call) {}

    private static Bad bad(String named, Consumer<Namespace> call) {
        return new Bad(named, call);
    }

    private static void check(Namespace namespace, List<Bad> calls) {
        NamespaceStatistics before = namespace.statistics();
        int index = 0;
        for (Bad bad : calls) {
            assertThatThrownBy(() -> bad.call().accept(namespace))
                    .as("call %d, which is wrong in %s", index++, bad.named())
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(bad.named());
        }
        assertThat(namespace.statistics()).isEqualTo(before);
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves({"G9", "K1"})
    void keys(Kit kit) {
        check(
                kit.namespace(),
                List.of(
                        bad("key", n -> n.keys().put(null, Bytes.EMPTY)),
                        bad("key", n -> n.keys().put("", Bytes.EMPTY)),
                        bad("key", n -> n.keys().put("x".repeat(513), Bytes.EMPTY)),
                        bad("key", n -> n.keys().put("a\0", Bytes.EMPTY)),
                        bad("key", n -> n.keys().put("\uD800", Bytes.EMPTY)),
                        bad("value", n -> n.keys().put("k", null)),
                        bad("ttl", n -> n.keys().put("k", Bytes.EMPTY, null)),
                        bad("ttl", n -> n.keys().put("k", Bytes.EMPTY, Duration.ofDays(40_000))),
                        bad("ttl", n -> n.keys().put("k", Bytes.EMPTY, FOREVER)),
                        bad("ttl", n -> n.keys().put("k", Bytes.EMPTY, FOREVER.negated())),
                        bad("3653 days", n -> n.keys().putIfAbsent("k", Bytes.EMPTY, FOREVER)),
                        bad("1 ms", n -> n.keys().expire("k", Duration.ofNanos(999_999))),
                        bad("ttl", n -> n.keys().expire("k", FOREVER)),
                        bad("limiter.window", n -> n.limiter(1, FOREVER)),
                        bad("31 days", n -> n.limiter(1, Duration.ofDays(32))),
                        bad("cache.ttl", n -> n.cache("c", FOREVER)),
                        bad("cache.ttl", n -> n.cache("c", Duration.ZERO)),
                        bad("cache.ttl", n -> n.cache("c", null)),
                        bad("cache.name", n -> n.cache("a/b", Duration.ofSeconds(1))),
                        bad(
                                "cache.key",
                                n -> n.cache("c", Duration.ofSeconds(1)).get(null, key -> Bytes.EMPTY)),
                        bad(
                                "cache.key",
                                n -> n.cache("c", Duration.ofSeconds(1)).invalidate(null)),
                        bad("504", n -> n.cache("c", Duration.ofSeconds(1)).invalidate("x".repeat(505))),
                        bad("values", n -> n.keys().putAll(Map.of())),
                        bad("keys", n -> n.keys().deleteAll(List.of())),
                        bad("timeout", n -> kit.connection().withTimeout(FOREVER)),
                        bad("timeout", n -> kit.connection().withTimeout(FOREVER.negated())),
                        bad("365 days", n -> Deadline.after(Duration.ofDays(366))),
                        bad(
                                "timeout",
                                n -> ContextDataSource.builder("contextdb:memory:")
                                        .option("timeout", "PT2562047788015215H30M7S")
                                        .build()),
                        bad("key", n -> n.keys().get("\ud83d")),
                        bad("keys[1]", n -> n.keys().get(List.of("k", "a\0"))),
                        bad("513", n -> n.keys().get("é".repeat(256) + "x")),
                        bad("key", n -> n.keys().get((String) null)),
                        bad("keys", n -> n.keys().get((List<String>) null)),
                        bad("key", n -> n.keys().delete(null)),
                        bad("key", n -> n.keys().increment(null, 1)),
                        bad("prefix", n -> n.keys().scan(null).forEach(entry -> {})),
                        bad("version", n -> n.keys().compareAndSet("k", 0, Bytes.EMPTY)),
                        bad("limiter.limit", n -> n.limiter(0, Duration.ofSeconds(1))),
                        bad("limiter.window", n -> n.limiter(1, Duration.ZERO)),
                        bad("limiter.window", n -> n.limiter(1, null)),
                        bad(
                                "limiter.permits",
                                n -> n.limiter(5, Duration.ofSeconds(1)).tryAcquire("k", 6)),
                        bad("cache.name", n -> n.cache("", Duration.ofSeconds(1))),
                        bad("batch", n -> n.batch().apply()),
                        bad("mutation", n -> n.batch().add(null).apply())));
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G9", "G3", "N7"})
    void graph(Kit kit) {
        Namespace namespace = kit.namespace();
        NodeDraft node = NodeDraft.of(NodeContent.builder().build());
        namespace.graph().put(node);
        UUID id = node.id();
        check(
                namespace,
                List.of(
                        bad("draft", n -> n.graph().put((NodeDraft) null)),
                        bad("node.content", n -> n.graph().put(NodeDraft.of(null))),
                        bad(
                                "node.confidence",
                                n -> NodeContent.builder()
                                        .confidence(Double.NaN)
                                        .build()),
                        bad(
                                "node.confidence",
                                n -> NodeContent.builder().confidence(1.0000001).build()),
                        bad("node.labels", n -> NodeContent.builder().label("").build()),
                        bad(
                                "node.labels",
                                n -> NodeContent.builder()
                                        .labels(Collections.nCopies(1, null))
                                        .build()),
                        bad(
                                "node.source",
                                n -> NodeContent.builder()
                                        .source("x".repeat(513))
                                        .build()),
                        bad("properties.p", n -> NodeContent.builder().property("p", Double.NaN)),
                        bad("properties.p", n -> NodeContent.builder().property("p", new Object())),
                        bad("properties.p", n -> NodeContent.builder().property("p", Map.of(1, 2))),
                        bad("validTo", n -> node.validFrom(Instant.EPOCH).validTo(Instant.EPOCH.minusSeconds(1))),
                        bad("validFrom", n -> node.validFrom(Instant.MIN)),
                        bad("interval", n -> Interval.between(Instant.EPOCH.plusSeconds(1), Instant.EPOCH)),
                        bad("edge.weight", n -> EdgeContent.of(id, "t", id).withWeight(Double.POSITIVE_INFINITY)),
                        bad("edge.type", n -> EdgeContent.of(id, "", id)),
                        bad("edge.to", n -> EdgeContent.of(id, "t", null)),
                        bad("draft", n -> n.graph().put((EdgeDraft) null)),
                        bad("reason", n -> n.graph().retract(id, "")),
                        bad("id", n -> n.graph().retract(null, "r")),
                        bad("ids", n -> n.graph().get((List<UUID>) null)),
                        bad("id", n -> n.graph().get((UUID) null)),
                        bad("asOf", n -> n.graph().get(List.of(id), null)),
                        bad("asOf", n -> AsOf.validAt(null)),
                        bad(
                                "walk.maxDepth",
                                n -> WalkQuery.from(id).maxDepth(65).build()),
                        bad("walk.limit", n -> WalkQuery.from(id).limit(0).build()),
                        bad(
                                "walk.minWeight",
                                n -> WalkQuery.from(id).minWeight(Double.NaN).build()),
                        bad("walk", n -> n.graph().walk(null)),
                        bad("query", n -> n.graph().edges(null)),
                        bad("query", n -> n.graph().scan(null)),
                        bad("page.limit", n -> PageRequest.first(0)),
                        bad(
                                "page.cursor",
                                n -> n.graph()
                                        .scan(io.contextdb.spi.graph.NodeQuery.of(Filter.everything())
                                                .page(new PageRequest(10, "no cursor of ours")))),
                        bad("externalId", n -> n.graph().addEvidence("", 1, 1)),
                        bad("alpha", n -> n.graph().addEvidence("s", -1, 1)),
                        bad("beta", n -> n.graph().addEvidence("s", 1, Double.NaN))));
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G9", "V1"})
    void vectors(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 3));
        Vector vector = Vector.of(1, 2, 3);
        check(
                namespace,
                List.of(
                        bad("space", n -> n.vectors().createSpace(null)),
                        bad("space.name", n -> VectorSpace.cosine("", 3)),
                        bad("space.dimensions", n -> VectorSpace.cosine("x", -1)),
                        bad("vector", n -> Vector.of(Float.NaN)),
                        bad("vector", n -> Vector.of((float[]) null)),
                        bad("vector.dimensions", n -> Vector.of()),
                        bad("point", n -> n.vectors().put("s", (VectorPoint) null)),
                        bad("point", n -> VectorPoint.builder(UUID.randomUUID()).build()),
                        bad(
                                "point.text",
                                n -> VectorPoint.builder(UUID.randomUUID())
                                        .text(LONG)
                                        .build()),
                        bad("point.id", n -> VectorPoint.builder(null).text("x").build()),
                        bad(
                                "dimensions",
                                n -> n.vectors()
                                        .put(
                                                "s",
                                                VectorPoint.builder(UUID.randomUUID())
                                                        .vector(1, 2)
                                                        .build())),
                        bad("search.k", n -> VectorQuery.nearest("s", vector, 0)),
                        bad(
                                "search.k",
                                n -> n.vectors()
                                        .search(VectorQuery.nearest(
                                                "s", vector, kit.info().limits().k() + 1))),
                        bad("search.vector", n -> VectorQuery.nearest("s", null, 1)),
                        bad(
                                "search.filter",
                                n -> VectorQuery.nearest("s", vector, 1).where(null)),
                        bad("query", n -> n.vectors().search((VectorQuery) null)),
                        bad("space", n -> n.vectors().search(VectorQuery.nearest("nowhere", vector, 1))),
                        bad("search.text", n -> TextQuery.of("s", LONG, 1)),
                        bad("search.k", n -> new HybridQuery("s", vector, "t", 0, Filter.everything())),
                        bad("filter", n -> n.vectors().count("s", null)),
                        bad("filter.in", n -> Filter.in(Field.id(), Collections.nCopies(10_001, 1))),
                        bad("filter.startsWith", n -> Filter.startsWith(Field.id(), null)),
                        bad("ids", n -> n.vectors().get("s", (List<UUID>) null))));
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G9", "E4"})
    void events(Kit kit) {
        check(
                kit.namespace(),
                List.of(
                        bad("event.type", n -> EventDraft.of("", PropertyMap.empty())),
                        bad("event.type", n -> EventDraft.of(null, PropertyMap.empty())),
                        bad("event.payload", n -> EventDraft.of("t", (PropertyMap) null)),
                        bad(
                                "event.subject",
                                n -> EventDraft.of("t", PropertyMap.empty()).about("x".repeat(513))),
                        bad(
                                "event.time",
                                n -> EventDraft.of("t", PropertyMap.empty()).at(Instant.MAX)),
                        bad("event", n -> n.events().append((EventDraft) null)),
                        bad("events", n -> n.events().append((List<EventDraft>) null)),
                        bad("events.limit", n -> EventQuery.after(EventPosition.START, 0)),
                        bad("query", n -> n.events().read(null)),
                        bad("query", n -> n.events().subscribe(null)),
                        bad("position", n -> EventPosition.parse("1.5")),
                        bad("group.name", n -> ConsumerGroup.named("")),
                        bad("group.visibility", n -> new ConsumerGroup("g", EventPosition.START, Duration.ZERO, 1)),
                        bad(
                                "group.maxAttempts",
                                n -> new ConsumerGroup("g", EventPosition.START, Duration.ofSeconds(1), 0)),
                        bad("conversation", n -> n.conversation("")),
                        bad("499", n -> n.conversation("é".repeat(250))),
                        bad("conversation", n -> n.conversation("\ud83d")),
                        bad("message.content", n -> Conversation.Message.of("user", "\ud83d")),
                        bad("messages", n -> n.conversation("c").append()),
                        bad("messages[0]", n -> n.conversation("c").append((Conversation.Message) null)),
                        bad(
                                "events.types",
                                n -> EventQuery.after(EventPosition.START, 1).types("\ud83d")),
                        bad(
                                "events.types",
                                n -> EventQuery.after(EventPosition.START, 1).types((String[]) null)),
                        bad(
                                "events.subjects",
                                n -> EventQuery.after(EventPosition.START, 1).about("x".repeat(513))),
                        bad("group.visibility", n -> new ConsumerGroup("g", EventPosition.START, FOREVER, 1)),
                        bad("12 h", n -> new ConsumerGroup("g", EventPosition.START, Duration.ofHours(13), 1)),
                        bad("positions", n -> n.events().acknowledge("g", List.of())),
                        bad("position", n -> EventPosition.parse("9223372036854775808-0")),
                        bad(
                                "measures",
                                n -> new AggregateQuery(
                                        Filter.everything(),
                                        TimeBucket.ALL,
                                        ZoneOffset.UTC,
                                        List.of(),
                                        List.of(Measure.count("m"), Measure.count("m"))))));
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G9", "G3", "D1"})
    void documents(Kit kit) {
        PropertyMap deep = PropertyMap.empty();
        for (int i = 1; i < 64; i++) {
            deep = PropertyMap.of("d", deep);
        }
        PropertyMap deepest = deep;
        Namespace namespace = kit.namespace();
        namespace.documents("c").put("deepest", deepest);
        List<Object> list = new ArrayList<>();
        list.add(list);
        check(
                namespace,
                List.of(
                        bad("collection", n -> n.documents("")),
                        bad("collection", n -> n.documents(null)),
                        bad("collection", n -> n.documents("x".repeat(129))),
                        bad("document.id", n -> n.documents("c").put("", PropertyMap.empty())),
                        bad("document.id", n -> n.documents("c").put(null, PropertyMap.empty())),
                        bad("document.body", n -> n.documents("c").put("id", null)),
                        bad("properties", n -> PropertyMap.of("d", deepest)),
                        bad("properties", n -> PropertyMap.of("endless", list)),
                        bad("patch", n -> n.documents("c").patch("id", null)),
                        bad("filter", n -> n.documents("c").findAll(null).forEach(document -> {})),
                        bad("id", n -> n.documents("c").get((String) null)),
                        bad("ids", n -> n.documents("c").get((List<String>) null)),
                        bad("index.path", n -> n.documents("c").declareIndex()),
                        bad("index.path", n -> n.documents("c").declareIndex("\ud83d")),
                        bad("index.path", n -> n.documents("c").declareIndex((String) null)),
                        bad("id", n -> n.documents("c").get("\ud83d")),
                        bad("bodies", n -> n.documents("c").putAll(Map.of())),
                        bad("documents.sort", n -> n.documents("c").findAll(Filter.everything(), (SortKey) null)),
                        bad("field.path", n -> Field.property("a", null)),
                        bad("filter.value", n -> Filter.eq(Field.id(), "\ud83d")),
                        bad("filter.value", n -> Filter.parse("id = \"\ud83d\"")),
                        bad("filter.and", n -> Filter.and((Filter) null))));
    }

    @Test
    @Needs({Capability.GRAPH, Capability.VECTORS, Capability.DOCUMENTS, Capability.EVENTS})
    @Proves({"G9", "M1"})
    void memory(Kit kit) {
        check(
                kit.namespace(),
                List.of(
                        bad("memory.text", n -> MemoryDraft.of(null)),
                        bad("memory.text", n -> MemoryDraft.of("  \n")),
                        bad("memory.text", n -> MemoryDraft.of(LONG)),
                        bad("memory.confidence", n -> MemoryDraft.of("x").confidence(2)),
                        bad("memory.source", n -> MemoryDraft.of("x").source("x".repeat(513))),
                        bad("memory.labels", n -> MemoryDraft.of("x").labels("\ud83d")),
                        bad("relation.type", n -> MemoryDraft.of("x").relation("", UUID.randomUUID(), 1)),
                        bad("relation.weight", n -> MemoryDraft.of("x").relation("t", UUID.randomUUID(), 2)),
                        bad("query.text", n -> MemoryQuery.of("x".repeat(200_000))),
                        bad("query.seeds", n -> MemoryQuery.of("x").seeds(Collections.nCopies(1, null))),
                        bad("memory.id", n -> n.memory().retract(null, "r", Cascade.NONE)),
                        bad("reason", n -> n.memory().retract(UUID.randomUUID(), "\ud83d", Cascade.NONE)),
                        bad("source", n -> n.memory().forget("\ud83d")),
                        bad("memory.properties", n -> MemoryDraft.of("x").property("text", "taken")),
                        bad("noveltyThreshold", n -> MemoryDraft.of("x").noveltyThreshold(Double.NaN)),
                        bad("draft", n -> n.memory().write((MemoryDraft) null)),
                        bad("drafts", n -> n.memory().write((List<MemoryDraft>) null)),
                        bad("query", n -> n.memory().retrieve(null)),
                        bad("query.k", n -> MemoryQuery.of("x").k(0)),
                        bad("query.diversity", n -> MemoryQuery.of("x").diversity(1.1)),
                        bad("source", n -> n.memory().forget(null))));
    }
}
