package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Keys;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counters. */
@Needs(Capability.KEYS)
public abstract class CounterSuite {
    @Test
    @Proves({"K3", "G13"})
    void incrementsOfManyThreadsAddUp(Kit kit) {
        Keys keys = kit.namespace().keys();

        kit.together(16, i -> {
            for (int n = 0; n < 25; n++) {
                keys.increment("counter", i + 1);
            }
            return i;
        });

        assertThat(keys.increment("counter", 0)).isEqualTo(25L * 16 * 17 / 2);
    }

    @Test
    @Proves("K3")
    void overflowsAndValuesThatAreNoCountersAreRefused(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("max", Bytes.utf8("" + Long.MAX_VALUE));
        keys.put("min", Bytes.utf8("" + Long.MIN_VALUE));
        keys.put("text", Bytes.utf8("one"));

        assertThatThrownBy(() -> keys.increment("max", 1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> keys.increment("min", -1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> keys.increment("text", 1)).isInstanceOf(InvalidRequestException.class);
        assertThat(keys.get("max").orElseThrow().value().utf8()).isEqualTo("" + Long.MAX_VALUE);
        assertThat(keys.increment("max", -1)).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    @Proves("K3")
    void countersAreDecimalNumbersOf64Bits(Kit kit) {
        Keys keys = kit.namespace().keys();
        assertThat(keys.increment("counter", 5_000_000_000L)).isEqualTo(5_000_000_000L);
        assertThat(keys.get("counter").orElseThrow().value()).isEqualTo(Bytes.utf8("5000000000"));
        keys.put("counter", Bytes.utf8("-9007199254740993"));
        assertThat(keys.increment("counter", -2)).isEqualTo(-9007199254740995L);
        assertThat(keys.increment("counter", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE - 9007199254740995L);
        keys.put("edge", Bytes.utf8("" + (Long.MAX_VALUE - 1)));
        assertThat(keys.increment("edge", 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(keys.increment("edge", Long.MIN_VALUE)).isEqualTo(-1);

        for (String none : List.of("", "1.0", "0x1", "9223372036854775808", "one")) {
            keys.put("none", Bytes.utf8(none));
            assertThatThrownBy(() -> keys.increment("none", 1)).as(none).isInstanceOf(InvalidRequestException.class);
            assertThat(keys.get("none").orElseThrow().value()).isEqualTo(Bytes.utf8(none));
        }
    }
}
