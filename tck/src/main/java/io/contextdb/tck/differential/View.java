package io.contextdb.tck.differential;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.vector.VectorPoint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Shows what a store answered, exactly, but for what the contract leaves to the store: commits, versions of keys and documents,
 * and positions are shown by their order, expiry to the hour.
 */
record View(Side side) {
    <T> List<String> all(Collection<T> items, Function<T, String> show) {
        return items.stream().map(show).toList();
    }

    <T> List<String> all(Stream<T> items, Function<T, String> show) {
        return items.map(show).toList();
    }

    String node(Node node) {
        return "node " + node.id() + " " + JavaText.of(node.labels()) + " " + JavaText.of(node.properties())
                + " source "
                + JavaText.of(node.source()) + " confidence " + node.confidence() + " fingerprint "
                + JavaText.of(node.content().fingerprint()) + " " + revision(node.revision());
    }

    String edge(Edge edge) {
        return "edge " + edge.id() + " " + edge.from() + " " + JavaText.of(edge.type()) + " " + edge.to() + " "
                + edge.weight() + " " + JavaText.of(edge.content().properties()) + " " + revision(edge.revision());
    }

    private String revision(Revision revision) {
        return "version " + revision.version() + " valid " + interval(revision.validity()) + " known "
                + interval(revision.transaction()) + " retraction " + JavaText.of(revision.retraction());
    }

    String interval(Interval interval) {
        return "[" + side.name(interval.from()) + ", " + side.name(interval.to()) + ")";
    }

    String step(WalkStep step) {
        return "depth " + step.depth() + " weight " + rounded(step.pathWeight()) + " by "
                + step.reachedBy().map(this::edge).orElse("nothing") + " to " + node(step.node());
    }

    String source(Source source) {
        return "source " + JavaText.of(source.externalId()) + " " + JavaText.of(source.labels()) + " "
                + JavaText.of(source.properties()) + " Beta(" + rounded(source.alpha()) + ", " + rounded(source.beta())
                + ")";
    }

    String change(NodeChange change) {
        return change.kind() + " " + change.id() + " "
                + change.node().map(this::node).orElse("");
    }

    String point(VectorPoint point) {
        return "point " + point.id() + " " + point.vector().map(JavaText::of).orElse("no vector") + " "
                + JavaText.of(point.text()) + " " + JavaText.of(point.labels()) + " " + JavaText.of(point.properties())
                + " source " + JavaText.of(point.source()) + " subject " + JavaText.of(point.subject()) + " valid "
                + interval(point.validity());
    }

    String key(KeyEntry entry) {
        return "key " + JavaText.of(entry.key()) + " " + JavaText.of(entry.value()) + " "
                + side.version(Write.key(entry.key()), entry.version())
                + entry.expiresAt().map(at -> " expires in " + hours(at) + " h").orElse("");
    }

    private static long hours(Instant instant) {
        return Math.round(Duration.between(Instant.now(), instant).toMinutes() / 60.0);
    }

    String document(String collection, Document document) {
        return "document " + JavaText.of(document.id()) + " " + JavaText.of(document.body()) + " subject "
                + JavaText.of(document.subject()) + " "
                + side.version(Write.document(collection, document.id()), document.version()) + " updated "
                + side.name(document.updatedAt());
    }

    String event(Event event) {
        return side.event(event.position()) + " " + JavaText.of(event.type()) + " about " + JavaText.of(event.subject())
                + " "
                + switch (event.payload()) {
                    case Payload.Json json -> JavaText.of(json.body());
                    case Payload.Binary binary -> JavaText.of(binary.bytes());
                    case Payload.Erased erased -> "erased";
                }
                + " at " + (event.time().equals(event.appendedAt()) ? "its append time" : side.name(event.time()));
    }

    String delivery(Delivery delivery) {
        return "attempt " + delivery.attempt() + " of " + event(delivery.event());
    }

    String group(ConsumerGroup group) {
        return "group " + JavaText.of(group.name()) + " from event " + side.eventsUpTo(group.from()) + " visibility "
                + group.visibility() + " attempts " + group.maxAttempts();
    }

    String row(AggregateRow row) {
        Map<String, String> values = new TreeMap<>();
        row.values()
                .forEach((name, value) ->
                        values.put(name, value instanceof Double number ? rounded(number) : JavaText.of(value)));
        return row.bucket() + " " + JavaText.of(row.group()) + " " + values;
    }

    /** Products and sums of floats may be computed in another order; the last digits are free. */
    private static String rounded(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value)
                        .round(new MathContext(12))
                        .stripTrailingZeros()
                        .toEngineeringString()
                : Double.toString(value);
    }

    static String error(Throwable failure) {
        if (failure instanceof ContextException known) {
            String place = known instanceof PreconditionFailedException condition
                    ? " of mutation " + condition.mutationIndex()
                            + condition
                                    .existingId()
                                    .map(id -> ", held by " + id)
                                    .orElse("")
                    : "";
            return String.format(Locale.ROOT, "%s %s%s", known.getClass().getSimpleName(), known.code(), place);
        }
        return "not an error of the contract: " + failure;
    }
}
