package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.lettuce.core.KeyValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/** Reads of keys: one MGET for any number, and for what says that the namespace is held, one script call for a page of a scan. Expired keys are absent by Redis' own expiry. */
final class RedisKeys implements KeyReader {
    private static final long PAGE_BYTES = 16L << 20;
    private static final int SUBJECTS_AT_ONCE = 1_000;

    private final Session session;

    RedisKeys(Session session) {
        this.session = session;
    }

    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        session.check(scope);
        List<String> asked = List.copyOf(new LinkedHashSet<>(keys));
        if (asked.isEmpty()) {
            return List.of();
        }
        byte[][] places = Stream.concat(
                        Stream.of(session.names().hold(scope.namespace())),
                        asked.stream().map(key -> session.names().entry(scope.namespace(), key)))
                .toArray(byte[][]::new);
        List<KeyValue<byte[], byte[]>> values =
                session.calls().read("get", scope.deadline(), commands -> commands.mget(places));
        while (values.get(0).hasValue() && Hold.isDropping(values.get(0).getValue())) {
            Drops.goOn(session.calls(), scope.deadline(), session.names().root(scope.namespace()));
            values = session.calls().read("get", scope.deadline(), commands -> commands.mget(places));
        }
        if (values.get(0).hasValue()) {
            throw Hold.read(values.get(0).getValue(), session.micros(scope.deadline()))
                    .error();
        }
        List<KeyEntry> found = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            KeyValue<byte[], byte[]> value = values.get(i + 1);
            if (value.hasValue()) {
                found.add(entry(asked.get(i), value.getValue()));
            }
        }
        return found;
    }

    /** Returns how many keys are about some subjects. */
    long about(ReadScope scope, List<String> subjects) {
        session.check(scope);
        long count = 0;
        for (int from = 0; from < subjects.size(); from += SUBJECTS_AT_ONCE) {
            byte[][] some = subjects.subList(from, Math.min(subjects.size(), from + SUBJECTS_AT_ONCE)).stream()
                    .map(Names::bytes)
                    .toArray(byte[][]::new);
            count += (Long) Script.ABOUT
                    .read(session.calls(), scope.deadline(), session.names().root(scope.namespace()), some)
                    .get(0);
        }
        return count;
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        session.check(scope);
        String after = Cursor.read(page, "keys");
        if (!after.isEmpty() && !after.startsWith(prefix)) {
            throw Cursor.malformed();
        }
        List<Object> found = Script.SCAN.read(
                session.calls(),
                scope.deadline(),
                session.names().root(scope.namespace()),
                bytes(prefix),
                bytes(after),
                bytes(page.limit()),
                bytes(PAGE_BYTES));
        List<KeyEntry> entries = new ArrayList<>();
        for (int i = 1; i < found.size(); i += 2) {
            entries.add(entry(Names.text(found.get(i)), (byte[]) found.get(i + 1)));
        }
        String last = Names.text(found.get(0));
        return new Page<>(entries, last.isEmpty() ? "" : Cursor.of("keys", last));
    }

    /** Takes apart {@code version expiry length-of-subject subject value}, parted by spaces up to the subject. */
    private static KeyEntry entry(String key, byte[] packed) {
        int first = space(packed, 0);
        int second = space(packed, first + 1);
        int third = space(packed, second + 1);
        long version = number(packed, 0, first);
        long expiresAt = number(packed, first + 1, second);
        int value = third + 1 + (int) number(packed, second + 1, third);
        return new KeyEntry(
                key,
                Bytes.of(Arrays.copyOfRange(packed, value, packed.length)),
                version,
                expiresAt == 0 ? null : Instant.ofEpochMilli(expiresAt));
    }

    private static int space(byte[] packed, int from) {
        for (int i = from; i < packed.length; i++) {
            if (packed[i] == ' ') {
                return i;
            }
        }
        throw new CorruptDataException("a stored key is not in contextdb's form; something else wrote it", null);
    }

    private static long number(byte[] packed, int from, int to) {
        try {
            return Long.parseLong(new String(packed, from, to - from, StandardCharsets.US_ASCII));
        } catch (NumberFormatException foreign) {
            throw new CorruptDataException("a stored key is not in contextdb's form; something else wrote it", foreign);
        }
    }
}
