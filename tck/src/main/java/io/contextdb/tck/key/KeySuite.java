package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Keys;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys: values, names, versions. */
@Needs(Capability.KEYS)
public abstract class KeySuite {
    @Test
    @Proves("K1")
    void valuesComeBackExactly(Kit kit) {
        Keys keys = kit.namespace().keys();
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        byte[] big = new byte[1 << 20];
        kit.random().nextBytes(big);

        for (Bytes value : List.of(Bytes.EMPTY, Bytes.of(all), Bytes.of(big))) {
            keys.put("k", value);
            assertThat(keys.get("k").orElseThrow().value()).isEqualTo(value);
        }
    }

    @Test
    @Proves({"K1", "G12"})
    void manyAreReadInTheOrderAskedWithoutTheAbsent(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("b", Bytes.utf8("2"));
        keys.put("a", Bytes.utf8("1"));

        assertThat(keys.get(List.of("b", "absent", "a", "b")))
                .extracting(KeyEntry::key)
                .containsExactly("b", "a");
    }

    @Test
    @Proves({"K1", "G12"})
    void scansFollowCodePointsAndPrefixesLiterally(Kit kit) {
        Keys keys = kit.namespace().keys();
        List<String> names =
                List.of("%", "'", "/", "A", "_", "a", "a%", "a_", "ab", "é", "e\u0301", "\uFFFD", "😀", "a\"b");
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, kit.random());
        shuffled.forEach(name -> keys.put(name, Bytes.utf8(name)));

        List<String> expected = new ArrayList<>(names);
        expected.sort(io.contextdb.spi.value.CodePointOrder.INSTANCE);
        assertThat(keys.scan("").map(KeyEntry::key)).containsExactlyElementsOf(expected);
        assertThat(keys.scan("a").map(KeyEntry::key))
                .containsExactlyElementsOf(
                        expected.stream().filter(name -> name.startsWith("a")).toList());
        assertThat(keys.scan("%").map(KeyEntry::key)).containsExactly("%");
        assertThat(keys.scan("_").map(KeyEntry::key)).containsExactly("_");
    }

    @Test
    @Needs(batches = true)
    @Proves("K1")
    void longScansReadEveryPage(Kit kit) {
        Keys keys = kit.namespace().keys();
        for (int from = 0; from < 2_500; from += 500) {
            java.util.Map<String, Bytes> some = new java.util.HashMap<>();
            for (int i = from; i < from + 500; i++) {
                some.put(String.format("k%05d", i), Bytes.EMPTY);
            }
            keys.putAll(some);
        }

        assertThat(keys.scan("k").map(KeyEntry::key))
                .containsExactlyElementsOf(IntStream.range(0, 2_500)
                        .mapToObj(i -> String.format("k%05d", i))
                        .toList());
    }

    @Test
    @Proves({"K1", "G8"})
    void versionsRiseAndNeverGoBackOverDeletion(Kit kit) {
        Keys keys = kit.namespace().keys();
        long first = keys.put("k", Bytes.utf8("1"));
        long second = keys.put("k", Bytes.utf8("2"));
        keys.delete("k");
        long third = keys.put("k", Bytes.utf8("3"));

        assertThat(second).isGreaterThan(first);
        assertThat(third).isGreaterThan(second);
        assertThat(keys.get("k").orElseThrow().version()).isEqualTo(third);
    }

    @Test
    @Proves("K1")
    void compareAndSetTakesTheExactVersionOnly(Kit kit) {
        Keys keys = kit.namespace().keys();
        long version = keys.put("k", Bytes.utf8("1"));

        OptionalLong next = keys.compareAndSet("k", version, Bytes.utf8("2"));
        assertThat(next).isPresent();
        assertThat(keys.compareAndSet("k", version, Bytes.utf8("3"))).isEmpty();
        assertThat(keys.compareAndSet("absent", 1, Bytes.EMPTY)).isEmpty();
        assertThat(keys.get("k").orElseThrow().value()).isEqualTo(Bytes.utf8("2"));
    }

    @Test
    @Proves({"K1", "G13"})
    void ofManyWhoPutIfAbsentOneDoes(Kit kit) {
        Keys keys = kit.namespace().keys();

        List<Boolean> done = kit.together(32, i -> keys.putIfAbsent("k", Bytes.utf8("" + i)));

        assertThat(done).containsOnlyOnce(true);
        assertThat(keys.get("k").orElseThrow().value().utf8()).isEqualTo("" + done.indexOf(true));
    }

    @Test
    @Needs(batches = true)
    @Proves("G5")
    void aFailedConditionNamesItsMutationAndLeavesNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.keys().put("there", Bytes.EMPTY);

        assertThatThrownBy(() -> namespace
                        .batch()
                        .put("new", Bytes.EMPTY)
                        .add(PutKey.of("there", Bytes.EMPTY).onlyIf(Condition.absent()))
                        .apply())
                .isInstanceOfSatisfying(PreconditionFailedException.class, failed -> {
                    assertThat(failed.mutationIndex()).isEqualTo(1);
                    assertThat(failed.currentVersion()).isPositive();
                });
        assertThat(namespace.keys().get("new")).isEmpty();
    }

    @Test
    @Proves("K1")
    void keysAreAnyTextOfUpTo512Bytes(Kit kit) {
        Keys keys = kit.namespace().keys();
        String long511 = "x".repeat(511);
        List<String> names = List.of(
                "a",
                "A",
                "a ",
                " a",
                "é",
                "e\u0301",
                "ß",
                "ss",
                "\u212b",
                "Å",
                "a/b",
                "a\\b",
                "'; --",
                "\t",
                long511 + "a",
                long511 + "b",
                "é".repeat(256));
        names.forEach(name -> keys.put(name, Bytes.utf8(name)));

        for (String name : names) {
            assertThat(keys.get(name))
                    .as(name)
                    .map(entry -> entry.value().utf8())
                    .contains(name);
            assertThat(keys.scan(name).map(KeyEntry::key)).as(name).contains(name);
        }
        assertThat(keys.scan("")).hasSize(names.size());
        assertThat(keys.delete("A")).isTrue();
        assertThat(keys.get("a")).isPresent();
    }

    @Test
    @Proves({"K1", "G9"})
    void aValueOfExactlyTheLimitComesBackWhole(Kit kit) {
        Keys keys = kit.namespace().keys();
        byte[] bytes = new byte[Math.min(kit.info().limits().valueBytes(), 32 << 20)];
        kit.random().nextBytes(bytes);
        Bytes value = Bytes.of(bytes);
        keys.put("k", value);

        assertThat(keys.get("k").orElseThrow().value().equals(value)).isTrue();
        assertThat(keys.scan("").toList().get(0).value().equals(value)).isTrue();
    }

    @Test
    @Proves({"K1", "G8"})
    void everyWriteIsAVersion(Kit kit) {
        Keys keys = kit.namespace().keys();
        List<Long> versions = new java.util.ArrayList<>();
        versions.add(keys.put("k", Bytes.utf8("1")));
        versions.add(keys.put("k", Bytes.utf8("1")));
        keys.increment("k", 0);
        versions.add(keys.get("k").orElseThrow().version());
        keys.expire("k", Duration.ofHours(1));
        versions.add(keys.get("k").orElseThrow().version());
        versions.add(keys.put("k", Bytes.utf8("1"), Duration.ofHours(1)));

        assertThat(versions).isSorted().doesNotHaveDuplicates();
        assertThat(keys.scan("").map(KeyEntry::version)).containsExactly(versions.getLast());
    }
}
