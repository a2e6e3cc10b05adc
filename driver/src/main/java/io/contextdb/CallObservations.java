package io.contextdb;

import io.contextdb.internal.call.CallObserver;
import io.contextdb.spi.error.ContextException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Supplier;

/**
 * Observes each call with Micrometer: what the registry's handlers make of it is a timer, a span, or both. The only class that
 * needs Micrometer, loaded only where a registry is given.
 */
final class CallObservations implements CallObserver {
    private final ObservationRegistry registry;

    CallObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <T> T observe(String operation, String scheme, Supplier<T> call) {
        Observation observation = Observation.createNotStarted("contextdb.call", registry)
                .contextualName("contextdb " + operation)
                .lowCardinalityKeyValue("operation", operation)
                .lowCardinalityKeyValue("scheme", scheme)
                .lowCardinalityKeyValue("outcome", "OK")
                .start();
        try (Observation.Scope current = observation.openScope()) {
            return call.get();
        } catch (ContextException failed) {
            observation.lowCardinalityKeyValue("outcome", failed.code().name()).error(failed);
            throw failed;
        } catch (RuntimeException | Error broken) {
            observation.lowCardinalityKeyValue("outcome", "ERROR").error(broken);
            throw broken;
        } finally {
            observation.stop();
        }
    }
}
