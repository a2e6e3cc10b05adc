package io.contextdb.internal.call;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.write.KeyMutation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What callers give, checked before anything is sent (contract G3, G9): each error names the caller's own field, the problem and
 * the limit. Limits of texts are in bytes of UTF-8, and the same for reads as for writes. What comes back is a copy, which the
 * caller cannot change any more.
 */
public final class Arguments {
    /** Most that is asked for, or written, by one call. */
    public static final int MOST = 10_000;

    /** Longest id of a conversation, in bytes: its events have the subject {@code conversation:<id>}. */
    public static final int MOST_CONVERSATION_BYTES = 499;

    /** Longest name of a cache, in bytes. */
    public static final int MOST_CACHE_NAME_BYTES = 64;

    private Arguments() {}

    /** Refuses null. */
    public static <T> T required(String field, @Nullable T value) {
        return Check.notNull(field, value);
    }

    /** Refuses null, nulls inside, and more than {@value #MOST}. */
    public static <T> List<T> all(String field, @Nullable Collection<? extends T> values) {
        return Check.list(field, values, MOST);
    }

    /** Refuses null, nulls inside, and more than {@value #MOST}. */
    public static <T> List<T> all(String field, T @Nullable [] values) {
        return Check.list(field, values, MOST);
    }

    /** Refuses null and nulls inside; there may be any number. */
    public static <T> List<T> copy(String field, @Nullable Collection<? extends T> values) {
        return Check.list(field, values, Integer.MAX_VALUE);
    }

    /** As {@link #all}, where nothing is not enough either. */
    public static <T> List<T> some(String field, @Nullable Collection<? extends T> values) {
        List<T> all = all(field, values);
        notEmpty(field, all.size());
        return all;
    }

    /** Refuses null and no entries; how many there may be the backend says, and each entry is checked where it is used. */
    public static <T> Map<String, T> some(String field, @Nullable Map<String, T> entries) {
        Map<String, T> present = required(field, entries);
        notEmpty(field, present.size());
        return present;
    }

    /** Returns a copy of options, or refuses null and what no text can be. */
    public static Map<String, String> options(String field, @Nullable Map<String, String> values) {
        Map<String, String> copy = new TreeMap<>();
        required(field, values).forEach((name, value) -> copy.put(text(field, name), text(field + "." + name, value)));
        return Collections.unmodifiableMap(copy);
    }

    /** Returns a copy ordered by name, or refuses null, names that no text can be, and null in place of a value. */
    public static <T> Map<String, T> named(String field, @Nullable Map<String, T> values) {
        Map<String, T> copy = new TreeMap<>();
        required(field, values)
                .forEach((name, value) -> copy.put(text(field, name), required(field + "." + name, value)));
        return Collections.unmodifiableMap(copy);
    }

    private static void notEmpty(String field, int size) {
        if (size == 0) {
            throw new InvalidRequestException(field, "must not be empty");
        }
    }

    /** Refuses what no id can be, and more than {@value #MOST}. */
    public static List<UUID> ids(String field, @Nullable Collection<?> values) {
        return Check.listOf(UUID.class, field, values, MOST);
    }

    /** Refuses what cannot be the name of a key or limiter. */
    public static String key(@Nullable String value) {
        return TextRule.KEY.check("key", value);
    }

    /** Refuses what cannot be names of keys. */
    public static List<String> keys(@Nullable Collection<String> values) {
        return TextRule.KEY.all("keys", values, MOST);
    }

    /** Refuses what no key can start with. */
    public static String prefix(@Nullable String value) {
        return TextRule.KEY_PREFIX.check("prefix", value);
    }

    /** Refuses what cannot be the name of a collection of documents. */
    public static String collection(@Nullable String value) {
        return TextRule.COLLECTION.check("collection", value);
    }

    /** Refuses what cannot be the id of a document. */
    public static String documentId(@Nullable String value) {
        return TextRule.DOCUMENT_ID.check("id", value);
    }

    /** Refuses what cannot be ids of documents. */
    public static List<String> documentIds(@Nullable Collection<String> values) {
        return TextRule.DOCUMENT_ID.all("ids", values, MOST);
    }

    /** Refuses what cannot be the name of a vector space. */
    public static String space(@Nullable String value) {
        return TextRule.SPACE.check("space", value);
    }

    /** Refuses what cannot be the type of a relation. */
    public static String relation(String field, @Nullable String value) {
        return TextRule.EDGE_TYPE.check(field, value);
    }

    /** Refuses what nobody can look for in texts. */
    public static String searched(String field, @Nullable String value) {
        return TextRule.SEARCH_TEXT.check(field, value);
    }

    /** Refuses what cannot be the name of a consumer group. */
    public static String group(@Nullable String value) {
        return TextRule.GROUP.check("group", value);
    }

    /** Refuses what cannot be the source of a memory, which may have none. */
    public static String source(String field, @Nullable String value) {
        return TextRule.SOURCE.check(field, value);
    }

    /** Refuses what cannot be the key of a source. */
    public static String externalId(String field, @Nullable String value) {
        return TextRule.EXTERNAL_ID.check(field, value);
    }

    /** Refuses what cannot be keys of sources. */
    public static List<String> externalIds(@Nullable Collection<String> values) {
        return TextRule.EXTERNAL_ID.all("externalIds", values, MOST);
    }

    /** Refuses what cannot be labels. */
    public static SortedSet<String> labels(String field, @Nullable Collection<String> values) {
        return Check.labels(field, values);
    }

    /** Refuses what no node can have as its fingerprint. */
    public static List<String> fingerprints(@Nullable Collection<String> values) {
        return TextRule.ASKED_FINGERPRINT.all("fingerprints", values, MOST);
    }

    /** Refuses a text of another length, in bytes, and one that no store could keep. */
    public static String text(String field, @Nullable String value, int least, int most) {
        return Check.text(field, value, least, most);
    }

    /** Refuses a text that no store could keep; how long it may be, the backend says of the whole. */
    public static String text(String field, @Nullable String value) {
        return Check.unicode(field, required(field, value));
    }

    /** Refuses texts that no store could keep, and more than {@value #MOST}. */
    public static List<String> texts(String field, @Nullable Collection<String> values) {
        return Check.texts(field, values, MOST, 0, Integer.MAX_VALUE);
    }

    /** Refuses what cannot be the id of a conversation. */
    public static String conversation(@Nullable String id) {
        return Check.text("conversation", id, 1, MOST_CONVERSATION_BYTES);
    }

    /** Refuses what cannot be the name of a cache: / ends it in the keys. */
    public static String cacheName(@Nullable String value) {
        String name = Check.text("cache.name", value, 1, MOST_CACHE_NAME_BYTES);
        if (name.indexOf('/') >= 0) {
            throw new InvalidRequestException("cache.name", "must not contain /");
        }
        return name;
    }

    /** Returns the key of a cache's entry, or refuses what does not fit behind the cache's prefix. */
    public static String cacheKey(String prefix, @Nullable String value) {
        int most = KeyMutation.MAX_KEY_BYTES - (int) Check.utf8Bytes("cache.name", prefix);
        return prefix + Check.text("cache.key", value, 1, most);
    }

    /** Refuses what cannot be a time to live. */
    public static Duration ttl(String field, @Nullable Duration value) {
        return Check.duration(field, value, KeyMutation.SHORTEST, KeyMutation.MAX_TTL);
    }

    /** Refuses an instant outside the years 1 to 9999, and cuts it to microseconds (contract G2). */
    public static Instant instant(String field, @Nullable Instant value) {
        return Check.instant(field, value);
    }

    /** Refuses a number outside {@code [least, most]}. */
    public static int number(String field, int value, int least, int most) {
        return Check.range(field, value, least, most);
    }

    /** Refuses what is not a number in {@code [least, most]}. */
    public static double number(String field, double value, double least, double most) {
        return Check.range(field, value, least, most);
    }
}
