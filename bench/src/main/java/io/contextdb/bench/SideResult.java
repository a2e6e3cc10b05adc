package io.contextdb.bench;

import io.contextdb.spi.value.PropertyMap;
import java.util.List;

/**
 * What the rounds of one side gave.
 *
 * @param name what it is
 * @param rate operations per second of the comparison's clock
 * @param cpuMicros microseconds of CPU time of the process per operation
 * @param bytes allocated by the calling threads per operation
 */
public record SideResult(String name, Spread rate, Spread cpuMicros, Spread bytes) {
    static SideResult of(Side side, Clock clock, List<Round> rounds) {
        return new SideResult(
                side.name(),
                Spread.of(rounds, round -> round.rate(clock)),
                Spread.of(rounds, Round::cpuMicros),
                Spread.of(rounds, Round::bytesPerOperation));
    }

    PropertyMap toMap() {
        return PropertyMap.of("name", name)
                .with("rate", rate.toMap())
                .with("cpuMicros", cpuMicros.toMap())
                .with("bytes", bytes.toMap());
    }

    static SideResult from(PropertyMap map) {
        return new SideResult(
                map.string("name").orElseThrow(),
                Spread.from(map.map("rate").orElseThrow()),
                Spread.from(map.map("cpuMicros").orElseThrow()),
                Spread.from(map.map("bytes").orElseThrow()));
    }
}
