package io.contextdb.spi.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.filter.ValueOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OrdersTest {
    @Test
    void stringsAreOrderedAsTheirUtf8Bytes() {
        List<String> strings = Stream.of("", "a", "ab", "b", "Z", "é", "\uE000", "\uFFFD", "😀", "😀a", "𐀀", "%", "_")
                .toList();

        for (String a : strings) {
            for (String b : strings) {
                assertThat(Integer.signum(CodePointOrder.INSTANCE.compare(a, b)))
                        .as("%s against %s", a, b)
                        .isEqualTo(Integer.signum(Arrays.compareUnsigned(
                                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8))));
            }
        }
    }

    @Test
    void uuidsAreOrderedAsTheirText() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            UUID a = new UUID(random.nextLong(), random.nextLong());
            UUID b = new UUID(
                    random.nextInt(4) == 0 ? a.getMostSignificantBits() : random.nextLong(), random.nextLong());
            assertThat(Integer.signum(UuidOrder.INSTANCE.compare(a, b)))
                    .isEqualTo(Integer.signum(a.toString().compareTo(b.toString())));
        }
    }

    @Test
    void valuesHaveOneTotalOrder() {
        List<Object> ordered = new ArrayList<>();
        ordered.add(null);
        ordered.addAll(List.of(false, true, Long.MIN_VALUE, -1L, -0.5, 0L, 0.5, (1L << 53) - 1, 0x1p53));
        ordered.addAll(List.of((1L << 53) + 1, 1e300, "", "a", "b", List.of(), List.of(1L), List.of(1L, 2L)));
        ordered.addAll(List.of(Map.of(), Map.of("a", 1L), Map.of("b", 0L)));
        List<Object> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(3));

        shuffled.sort(ValueOrder.INSTANCE);

        assertThat(shuffled).isEqualTo(ordered);
    }

    @Test
    void idsOfOneProcessRise() {
        UUID last = UuidV7.next();
        for (int i = 0; i < 20_000; i++) {
            UUID next = UuidV7.next();
            assertThat(UuidOrder.INSTANCE.compare(last, next)).isNegative();
            assertThat(next.version()).isEqualTo(7);
            assertThat(next.variant()).isEqualTo(2);
            last = next;
        }
    }
}
