package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What several stores are together: each model as its store offers it, and the tightest of the limits. */
final class CombinedInfo {
    private static final Set<Capability> OF_KEYS = EnumSet.of(Capability.KEYS, Capability.RATE_LIMITS);
    private static final Set<Capability> OF_EVENTS =
            EnumSet.of(Capability.EVENTS, Capability.CONSUMER_GROUPS, Capability.AGGREGATES);

    private CombinedInfo() {}

    static BackendInfo of(Stores stores) {
        BackendInfo source = stores.source().info();
        List<BackendInfo> owners = stores.all().stream()
                .filter(store -> !stores.vectors().equals(Optional.of(store)))
                .map(Backend::info)
                .toList();
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        capabilities.addAll(source.capabilities());
        stores.keys().ifPresent(home -> replace(capabilities, OF_KEYS, home));
        stores.events().ifPresent(home -> replace(capabilities, OF_EVENTS, home));
        capabilities.removeIf(capability -> (capability == Capability.ERASURE || capability == Capability.CRASH_SAFE)
                && !owners.stream().allMatch(owner -> owner.offers(capability)));
        boolean whole = owners.stream().allMatch(owner -> owner.atomicity() == Atomicity.BATCH);
        boolean repeatable = owners.stream().allMatch(owner -> owner.idempotency() == Idempotency.OPERATION_ID);
        return new BackendInfo(
                "contextdb scaled",
                "",
                capabilities,
                limits(source, owners),
                whole ? Atomicity.BATCH : Atomicity.ENTITY,
                repeatable ? Idempotency.OPERATION_ID : Idempotency.NATURAL,
                details(stores));
    }

    private static void replace(Set<Capability> capabilities, Set<Capability> model, Home home) {
        capabilities.removeAll(model);
        model.stream().filter(home.backend().info()::offers).forEach(capabilities::add);
    }

    private static Limits limits(BackendInfo source, List<BackendInfo> owners) {
        return new Limits(
                // One is added to a batch of several stores.
                least(owners, Limits::batchMutations) - 1,
                owners.stream()
                        .mapToLong(owner -> owner.limits().batchBytes())
                        .min()
                        .orElseThrow(),
                least(owners, Limits::valueBytes),
                least(owners, Limits::payloadBytes),
                source.limits().dimensions(),
                source.limits().k());
    }

    private static int least(List<BackendInfo> owners, ToIntFunction<Limits> limit) {
        return owners.stream()
                .mapToInt(owner -> limit.applyAsInt(owner.limits()))
                .min()
                .orElseThrow();
    }

    private static Map<String, String> details(Stores stores) {
        Map<String, String> details = new TreeMap<>();
        describe(details, ScaledSettings.GRAPH.name(), stores.source());
        stores.vectors().ifPresent(store -> describe(details, ScaledSettings.VECTORS.name(), store));
        stores.keys().ifPresent(home -> describe(details, ScaledSettings.KEYS.name(), home.backend()));
        stores.events().ifPresent(home -> describe(details, ScaledSettings.EVENTS.name(), home.backend()));
        return details;
    }

    private static void describe(Map<String, String> details, String name, Backend store) {
        BackendInfo info = store.info();
        details.put(name, (info.product() + " " + info.version()).strip());
        info.details().forEach((key, value) -> details.put(name + "." + key, value));
    }
}
