package io.contextdb.backend.redis;

import io.contextdb.spi.value.NamespaceName;
import java.nio.charset.StandardCharsets;

/**
 * Names of keys that are made here; the others are made in {@code namespace.lua}. A namespace's name has no braces, so its hash
 * tag is the whole name.
 *
 * @param prefix what every key begins with
 */
record Names(String prefix) {
    /** Returns the sorted set of the names of all namespaces. */
    byte[] namespaces() {
        return bytes(prefix + "namespaces");
    }

    byte[] root(NamespaceName namespace) {
        return bytes(rootText(namespace));
    }

    byte[] entry(NamespaceName namespace, String key) {
        return bytes(rootText(namespace) + ":k:" + key);
    }

    /** Returns what says that a namespace is held; see {@code namespace.lua}. */
    byte[] hold(NamespaceName namespace) {
        return bytes(rootText(namespace) + ":hold");
    }

    /** Returns how far the store has followed another. */
    byte[] watermark() {
        return bytes(prefix + "watermark");
    }

    /** Returns the channel that tells of appended events. */
    String appended(NamespaceName namespace) {
        return rootText(namespace) + ":appended";
    }

    private String rootText(NamespaceName namespace) {
        return prefix + "{" + namespace.value() + "}";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
