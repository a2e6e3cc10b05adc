package io.contextdb.internal.call;

import io.contextdb.ErasureReport.Finding;
import io.contextdb.spi.Remains;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.InvalidRequestException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Asks a store what is left of what was erased. One that does not answer has not proven anything. */
public final class ErasureCheck {
    private ErasureCheck() {}

    /** Returns what a look at a store finds. */
    public static Finding of(Supplier<Remains> look) {
        return answered(() -> {
            Remains left = look.get();
            return new Finding(Instant.now(), left, reasons(left));
        });
    }

    /** Returns a finding, or that the store could not be asked. */
    public static Finding answered(Supplier<Finding> ask) {
        try {
            return ask.get();
        } catch (InvalidRequestException | ContextClosedException misused) {
            throw misused;
        } catch (ContextException silent) {
            return new Finding(
                    Instant.now(), new Remains(Map.of()), List.of("it could not be asked: " + silent.getMessage()));
        }
    }

    private static List<String> reasons(Remains left) {
        List<String> reasons = new ArrayList<>();
        for (Map.Entry<Remains.Kind, Long> kind : left.counts().entrySet()) {
            if (kind.getValue() > 0) {
                String name = kind.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                reasons.add("it still has " + name + ": " + kind.getValue());
            }
        }
        return reasons;
    }
}
