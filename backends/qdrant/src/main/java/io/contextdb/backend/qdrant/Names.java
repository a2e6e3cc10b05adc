package io.contextdb.backend.qdrant;

import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorSpace;
import io.qdrant.client.grpc.Common.PointId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What collections are called, and the ids that things have in them. Spaces of one length and metric share a collection, since a
 * Qdrant bears few of them; so an id there is a digest of the space's key and of the point's id, which may stand in many spaces.
 *
 * @param prefix what every collection's name begins with
 */
record Names(String prefix) {
    private static final Pattern COPIES = Pattern.compile("p_(?<dimensions>\\d{1,6})_(?<metric>[a-z]+)");

    /** Returns the collection of spaces and namespaces. */
    String registry() {
        return prefix + "spaces";
    }

    /** Returns the collection of points of spaces like this one. */
    String points(VectorSpace space) {
        return prefix + "points_" + shape(space);
    }

    /** Returns the collection of copied points of spaces like this one. */
    String copies(VectorSpace space) {
        return prefix + "p_" + shape(space);
    }

    /** Returns the collection of a watermark beside those of the copies. */
    String mark() {
        return prefix + "p_watermark";
    }

    /** Returns the shape of the spaces whose copied points a collection holds; empty if it is another collection. */
    Optional<Shape> shapeOfCopies(String collection) {
        if (!collection.startsWith(prefix)) {
            return Optional.empty();
        }
        Matcher parts = COPIES.matcher(collection.substring(prefix.length()));
        for (Metric metric : Metric.values()) {
            if (parts.matches() && parts.group("metric").equals(word(metric))) {
                return Optional.of(new Shape(Integer.parseInt(parts.group("dimensions")), metric));
            }
        }
        return Optional.empty();
    }

    /**
     * What spaces of a collection have in common.
     *
     * @param dimensions length of vectors, at least 1: texts only are kept beside vectors of length 1
     * @param metric how they are compared
     */
    record Shape(int dimensions, Metric metric) {
        static Shape of(VectorSpace space) {
            return new Shape(Math.max(1, space.dimensions()), space.metric());
        }
    }

    private static String shape(VectorSpace space) {
        Shape shape = Shape.of(space);
        return shape.dimensions() + "_" + word(shape.metric());
    }

    private static String word(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the id of a space's entry in the registry. */
    static PointId space(NamespaceName namespace, String space) {
        return id("space", namespace.value(), space.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the id of a namespace's entry in the registry. */
    static PointId namespace(NamespaceName namespace) {
        return id("namespace", namespace.value(), new byte[0]);
    }

    /** Returns the id of a point in the collection of its space. */
    static PointId point(String space, UUID point) {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(point.getMostSignificantBits())
                .putLong(point.getLeastSignificantBits())
                .array();
        return id("point", space, bytes);
    }

    /** Returns the id of the watermark in a collection of copies. */
    static PointId watermark() {
        return id("watermark", "", new byte[0]);
    }

    private static PointId id(String kind, String first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((kind + "\n" + first + "\n").getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.wrap(digest.digest(second));
            // Version 8: a UUID whose bits are our own business.
            long high = (bytes.getLong() & ~0xf000L) | 0x8000L;
            long low = (bytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
            return PointId.newBuilder().setUuid(new UUID(high, low).toString()).build();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
