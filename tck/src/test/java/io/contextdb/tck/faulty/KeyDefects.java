package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.hidden;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.write.KeyMutation.DeleteKey;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Mistakes with keys: values, names, versions. */
final class KeyDefects {
    private KeyDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(values());
        all.addAll(versions());
        return all;
    }

    private static List<KeyEntry> current(Call call, String key) {
        return call.healthy().keys().get(call.before(), List.of(key));
    }

    private static Defect valued(String id, String sentence, UnaryOperator<Bytes> change) {
        return of(id, sentence, "K1", replaced(PutKey.class, put -> Rewriting.put(put, change.apply(put.value()))));
    }

    /** Keys are spelled differently in the store. */
    private static Defect spelled(String id, String sentence, UnaryOperator<String> change) {
        return of(id, sentence, "K1", call -> switch (call.operation()) {
            case "keys.get" ->
                call.with(
                                Collection.class,
                                call.asked(String.class).stream().map(change).toList())
                        .proceed();
            case "keys.scan" ->
                call.with(String.class, change.apply(call.argument(String.class)))
                        .proceed();
            default ->
                call.rewriting(PutKey.class, put -> {
                            PutKey other = PutKey.of(change.apply(put.key()), put.value())
                                    .onlyIf(put.condition())
                                    .about(put.subject());
                            return put.ttl().map(other::expiringAfter).orElse(other);
                        })
                        .proceed();
        });
    }

    private static List<Defect> values() {
        return List.of(
                valued(
                        "values-as-text",
                        "Values go through a text type, which mangles bytes that are no UTF-8.",
                        value -> Bytes.utf8(value.utf8())),
                valued("values-cut-at-zero", "Values end at their first zero byte.", value -> {
                    byte[] bytes = value.toArray();
                    int end = 0;
                    while (end < bytes.length && bytes[end] != 0) {
                        end++;
                    }
                    return Bytes.of(Arrays.copyOf(bytes, end));
                }),
                valued(
                        "values-cut-at-64-ki",
                        "Values are cut to 64 KiB.",
                        value -> Bytes.of(Arrays.copyOf(value.toArray(), Math.min(value.size(), 1 << 16)))),
                of(
                        "values-of-the-limit-cut",
                        "The last byte of a value of exactly the declared limit is lost.",
                        "K1 G9",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.value().size()
                                                                < call.healthy()
                                                                        .info()
                                                                        .limits()
                                                                        .valueBytes()
                                                        ? put
                                                        : Rewriting.put(
                                                                put,
                                                                Bytes.of(Arrays.copyOf(
                                                                        put.value()
                                                                                .toArray(),
                                                                        put.value()
                                                                                        .size()
                                                                                - 1))))
                                        .proceed())),
                of(
                        "empty-values-are-absent",
                        "A key with an empty value is taken for absent.",
                        "K1",
                        hidden(
                                "keys.get",
                                KeyEntry.class,
                                entry -> entry.value().size() == 0)),
                of(
                        "empty-values-are-not-scanned",
                        "A key with an empty value is left out of scans.",
                        "K1",
                        hidden(
                                "keys.scan",
                                KeyEntry.class,
                                entry -> entry.value().size() == 0)),
                spelled("keys-case-folded", "Keys are compared without case.", key -> key.toLowerCase(Locale.ROOT)),
                spelled(
                        "keys-normalised",
                        "Keys are brought into Unicode normal form C.",
                        key -> Normalizer.normalize(key, Normalizer.Form.NFC)),
                spelled(
                        "keys-trimmed",
                        "Blanks at the end of keys are cut off.",
                        key -> key.isBlank() ? key : key.stripTrailing()),
                spelled(
                        "keys-cut-at-255",
                        "Keys are cut to 255 bytes.",
                        key -> key.length() > 255 ? key.substring(0, 255) : key),
                of(
                        "scan-with-wildcards",
                        "Wildcards in the prefix of a scan are understood as such.",
                        "K1",
                        in(
                                "keys.scan",
                                call -> call.argument(String.class).matches("[%_]")
                                        ? call.with(String.class, "").proceed()
                                        : call.proceed())),
                of("scan-prefix-without-case", "Scans compare the prefix without case.", "K1", in("keys.scan", call -> {
                    Page<KeyEntry> all = call.with(String.class, "").result();
                    String prefix = call.argument(String.class).toLowerCase(Locale.ROOT);
                    return new Page<>(
                            all.items().stream()
                                    .filter(entry ->
                                            entry.key().toLowerCase(Locale.ROOT).startsWith(prefix))
                                    .toList(),
                            all.next());
                })),
                of(
                        "scan-ordered-by-utf-16",
                        "Scans order keys by UTF-16 units.",
                        "K1 G12",
                        listed(
                                "keys.scan",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(KeyEntry::key))
                                        .toList())),
                of(
                        "scan-ordered-by-language",
                        "Scans order keys as a dictionary does.",
                        "K1 G12",
                        listed(
                                "keys.scan",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(
                                                KeyEntry::key, java.text.Collator.getInstance(Locale.ENGLISH)::compare))
                                        .toList())),
                of(
                        "scan-unordered",
                        "Scans return keys in the order of their hashes.",
                        "K1 G12",
                        listed(
                                "keys.scan",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(
                                                entry -> entry.key().hashCode()))
                                        .toList())),
                of(
                        "keys-in-order-of-key",
                        "Keys are returned in their order, not as asked.",
                        "G12 K1",
                        listed(
                                "keys.get",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(KeyEntry::key))
                                        .toList())),
                of(
                        "keys-answered-twice",
                        "A key that is asked for twice is returned twice.",
                        "G12 K1",
                        in("keys.get", call -> {
                            Map<String, KeyEntry> byKey = new HashMap<>();
                            call.<KeyEntry>list().forEach(entry -> byKey.put(entry.key(), entry));
                            List<KeyEntry> each = new ArrayList<>();
                            call.asked(String.class)
                                    .forEach(key ->
                                            Optional.ofNullable(byKey.get(key)).ifPresent(each::add));
                            return each;
                        })),
                of(
                        "deletions-always-succeed",
                        "Deleting a key that does not exist says that it did.",
                        "K1 K2",
                        receipt((mutation, result) ->
                                mutation instanceof DeleteKey ? new MutationResult.Removed(1) : result)),
                of(
                        "skips-unsaid",
                        "A put that was skipped says that it wrote.",
                        "K1 G5",
                        receipt((mutation, result) ->
                                mutation instanceof PutKey && result instanceof MutationResult.Skipped
                                        ? new MutationResult.Written(1)
                                        : result)),
                of(
                        "put-if-absent-without-lock",
                        "Whether a key is absent is looked up before, not within, the commit.",
                        "K1 G13",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof PutKey put
                                                && put.condition().kind()
                                                        == io.contextdb.spi.write.Condition.Kind.ABSENT
                                                && current(call, put.key()).isEmpty()
                                        ? call.late()
                                                .rewriting(
                                                        PutKey.class,
                                                        p -> p.onlyIf(io.contextdb.spi.write.Condition.none()))
                                                .proceed()
                                        : call.proceed())));
    }

    private static List<Defect> versions() {
        return List.of(
                remembering(
                        "key-versions-restart",
                        "The versions of a key start over when it was deleted.",
                        "K1 G8",
                        () -> {
                            Map<String, Long> bases = new ConcurrentHashMap<>();
                            return call -> {
                                if (call.is("apply")) {
                                    NamespaceName name = call.batch().namespace();
                                    for (Mutation mutation : call.batch().mutations()) {
                                        if (mutation instanceof DeleteKey delete) {
                                            current(call, delete.key())
                                                    .forEach(entry ->
                                                            bases.put(name + " " + delete.key(), entry.version()));
                                        }
                                    }
                                    return receipt((mutation, result) -> mutation instanceof PutKey put
                                                            && result instanceof MutationResult.Written done
                                                    ? new MutationResult.Written(Math.max(
                                                            1,
                                                            done.version()
                                                                    - bases.getOrDefault(name + " " + put.key(), 0L)))
                                                    : result)
                                            .answer(call);
                                }
                                return call.is("keys.get") || call.is("keys.scan")
                                        ? Rewriting.within(
                                                call.proceed(),
                                                KeyEntry.class,
                                                entry -> Rewriting.entry(
                                                        entry,
                                                        entry.key(),
                                                        entry.value(),
                                                        Math.max(
                                                                1,
                                                                entry.version()
                                                                        - bases.getOrDefault(
                                                                                call.scope()
                                                                                                .namespace() + " "
                                                                                        + entry.key(),
                                                                                0L))))
                                        : call.proceed();
                            };
                        }),
                of(
                        "key-versions-constant",
                        "Every key has version 1.",
                        "K1 G8",
                        seen(KeyEntry.class, entry -> Rewriting.entry(entry, entry.key(), entry.value(), 1))
                                .and(receipt((mutation, result) ->
                                        mutation instanceof PutKey && result instanceof MutationResult.Written
                                                ? new MutationResult.Written(1)
                                                : result))),
                of(
                        "unchanged-value-keeps-the-version",
                        "Putting the value that a key has does not raise its version.",
                        "G8 K1",
                        in("apply", call -> {
                            if (call.batch().mutations().size() == 1
                                    && call.batch().mutations().get(0) instanceof PutKey put
                                    && put.condition().kind() == io.contextdb.spi.write.Condition.Kind.ALWAYS
                                    && put.ttl().isEmpty()) {
                                for (KeyEntry entry : current(call, put.key())) {
                                    if (entry.value().equals(put.value())
                                            && entry.expiresAt().isEmpty()) {
                                        return call.pretended(new MutationResult.Written(entry.version()));
                                    }
                                }
                            }
                            return call.proceed();
                        })),
                of(
                        "compare-and-set-takes-newer",
                        "A version to compare with may be older than the current one.",
                        "K1",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.condition().kind()
                                                                == io.contextdb.spi.write.Condition.Kind.VERSION
                                                        ? current(call, put.key()).stream()
                                                                .filter(entry -> entry.version()
                                                                        > put.condition()
                                                                                .version())
                                                                .findFirst()
                                                                .map(entry -> put.onlyIf(
                                                                        io.contextdb.spi.write.Condition.none()))
                                                                .orElse(put)
                                                        : put)
                                        .proceed())),
                of(
                        "compare-and-set-creates",
                        "A version to compare with is not looked at where the key is absent.",
                        "K1",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.condition().kind()
                                                                        == io.contextdb.spi.write.Condition.Kind.VERSION
                                                                && current(call, put.key())
                                                                        .isEmpty()
                                                        ? put.onlyIf(io.contextdb.spi.write.Condition.none())
                                                        : put)
                                        .proceed())));
    }
}
