package io.contextdb;

import io.contextdb.internal.call.CallObserver;
import io.contextdb.spi.error.ContextException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;

/** Times each call with Micrometer. The only class that needs it, loaded only where a registry is given. */
final class CallMetrics implements CallObserver {
    private final MeterRegistry registry;

    CallMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <T> T observe(String operation, String scheme, Supplier<T> call) {
        Timer.Sample sample = Timer.start(registry);
        String outcome = "OK";
        try {
            return call.get();
        } catch (ContextException failed) {
            outcome = failed.code().name();
            throw failed;
        } finally {
            sample.stop(
                    registry.timer("contextdb.calls", "operation", operation, "scheme", scheme, "outcome", outcome));
        }
    }
}
