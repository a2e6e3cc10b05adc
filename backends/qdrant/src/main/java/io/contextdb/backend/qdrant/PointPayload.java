package io.contextdb.backend.qdrant;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What stands beside the vector of a point. The properties are a JSON text, since the server keeps a 64-bit float only nearly;
 * what the server may look for stands beside them.
 */
final class PointPayload {
    /** Key of the point's space. */
    static final String SPACE = "space";

    /** The id that the point has for callers. */
    static final String ID = "id";

    /** The first 53 bits of that id, in whose order points are read. */
    static final String ORDER = "order";

    static final String TEXT = "text";
    static final String LABELS = "labels";
    static final String SOURCE = "source";
    static final String SUBJECT = "subject";

    /** Start of validity, in microseconds. */
    static final String FROM = "from";

    /** End of validity, in microseconds; absent while it is open. */
    static final String TO = "to";

    static final String PROPERTIES = "properties";

    /** {@link FilterTerms#words}. */
    static final String TERMS = "terms";

    /** {@link FilterTerms#numbers}. */
    static final String NUMBERS = "numbers";

    /** The fields that a point is read from. */
    static final List<String> FIELDS = List.of(ID, TEXT, LABELS, SOURCE, SUBJECT, FROM, TO, PROPERTIES);

    private static final int ORDER_BITS = 53;

    private PointPayload() {}

    /** Returns what every point has: whose it is, and its place in the order of ids. */
    static Map<String, Value> identity(String space, UUID id) {
        Map<String, Value> payload = new HashMap<>();
        payload.put(SPACE, Values.of(space));
        payload.put(ID, Values.of(id.toString()));
        payload.put(ORDER, Values.of(order(id)));
        return payload;
    }

    /** Returns what the server can filter by, besides what every point has. */
    static Map<String, Value> filterable(VectorPoint point) {
        Map<String, Value> payload = new HashMap<>();
        if (!point.source().isEmpty()) {
            payload.put(SOURCE, Values.of(point.source()));
        }
        if (!point.subject().isEmpty()) {
            payload.put(SUBJECT, Values.of(point.subject()));
        }
        payload.put(FROM, Values.of(micros(point.validity().from())));
        if (!point.validity().isOpen()) {
            payload.put(TO, Values.of(micros(point.validity().to())));
        }
        FilterTerms terms = FilterTerms.of(point);
        if (!terms.words().isEmpty()) {
            payload.put(TERMS, Values.of(terms.words()));
        }
        if (!terms.numbers().isEmpty()) {
            Struct.Builder numbers = Struct.newBuilder();
            terms.numbers().forEach((name, number) -> numbers.putFields(name, Values.of(number)));
            payload.put(NUMBERS, Value.newBuilder().setStructValue(numbers).build());
        }
        return payload;
    }

    /** Returns everything of a point but its vector. */
    static Map<String, Value> whole(String space, VectorPoint point) {
        Map<String, Value> payload = identity(space, point.id());
        payload.putAll(filterable(point));
        if (!point.text().isEmpty()) {
            payload.put(TEXT, Values.of(point.text()));
        }
        if (!point.labels().isEmpty()) {
            payload.put(LABELS, Values.of(point.labels()));
        }
        if (!point.properties().isEmpty()) {
            payload.put(PROPERTIES, Values.of(PropertyJson.write(point.properties())));
        }
        return payload;
    }

    /** Returns the point of a payload, with a vector where there is one. */
    static VectorPoint read(Map<String, Value> payload, Optional<Vector> vector) {
        VectorPoint.Builder point = VectorPoint.builder(id(payload))
                .text(Values.text(payload, TEXT))
                .labels(Values.texts(payload, LABELS))
                .source(Values.text(payload, SOURCE))
                .subject(Values.text(payload, SUBJECT))
                .validity(new Interval(
                        instant(Values.integer(payload, FROM)),
                        payload.containsKey(TO) ? instant(Values.integer(payload, TO)) : Interval.OPEN));
        if (payload.containsKey(PROPERTIES)) {
            point.properties(PropertyJson.read(Values.text(payload, PROPERTIES)));
        }
        vector.ifPresent(point::vector);
        if (vector.isPresent() || !Values.text(payload, TEXT).isEmpty()) {
            return point.build();
        }
        // A point needs one of the two to be built; that the vector was left out is no reason to fail.
        return point.vector(0).build().withoutVector();
    }

    /** Returns the id that a point has for callers. */
    static UUID id(Map<String, Value> payload) {
        try {
            return UUID.fromString(Values.text(payload, ID));
        } catch (IllegalArgumentException malformed) {
            throw new CorruptDataException("Qdrant: a payload has no id", malformed);
        }
    }

    static long order(UUID id) {
        return id.getMostSignificantBits() >>> (Long.SIZE - ORDER_BITS);
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
