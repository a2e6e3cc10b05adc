package io.contextdb.internal.scaled;

import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch by the stores that it concerns.
 *
 * @param source the source's part; may be empty
 * @param homes the others' parts, in the order in which they are held; none of them is empty
 */
record Split(Part source, Map<Home, Part> homes) {
    static Split of(WriteBatch batch, Stores stores) {
        List<Integer> source = new ArrayList<>();
        List<Mutation> mutations = batch.mutations();
        for (int i = 0; i < mutations.size(); i++) {
            if (stores.isForSource(mutations.get(i))) {
                source.add(i);
            }
        }
        Map<Home, Part> parts = new LinkedHashMap<>();
        for (Home home : stores.homes()) {
            List<Integer> indexes = new ArrayList<>();
            for (int i = 0; i < mutations.size(); i++) {
                if (stores.homes(mutations.get(i)).contains(home)) {
                    indexes.add(i);
                }
            }
            if (!indexes.isEmpty()) {
                parts.put(home, new Part(batch, indexes));
            }
        }
        return new Split(new Part(batch, source), parts);
    }

    /** Returns whether only the source is concerned. */
    boolean isSourceAlone() {
        return homes.isEmpty();
    }

    /** Returns whether only one of the homes is concerned. */
    boolean isHomeAlone() {
        return source.isEmpty() && homes.size() == 1;
    }
}
