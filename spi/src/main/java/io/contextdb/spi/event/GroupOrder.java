package io.contextdb.spi.event;

import io.contextdb.spi.filter.ValueOrder;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Order of the groups of an aggregate: value by value, in the total order of values. */
enum GroupOrder implements Comparator<List<@Nullable Object>> {
    INSTANCE;

    @Override
    public int compare(List<@Nullable Object> a, List<@Nullable Object> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = ValueOrder.INSTANCE.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
