package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** What a bulk read asks for: copied, each once, and of the size that the interface allows. */
final class Asked {
    private static final int MOST = 10_000;

    private Asked() {}

    static <T> List<T> of(String field, Collection<T> all) {
        if (all.size() > MOST) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED, field, "has " + all.size() + " elements; the limit is " + MOST);
        }
        return List.copyOf(all.size() == 1 ? all : new LinkedHashSet<>(all));
    }
}
