package io.contextdb.spi.capability;

import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.internal.Check;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a backend is and what it promises. Immutable.
 *
 * @param product name of the store, for example {@code "PostgreSQL"}
 * @param version its version
 * @param capabilities what it offers
 * @param limits how much it takes at once
 * @param atomicity how much is applied all or nothing
 * @param idempotency why a repeated batch does no harm
 * @param details further facts to show, without secrets: engine versions, settings that matter
 */
public record BackendInfo(
        String product,
        String version,
        Set<Capability> capabilities,
        Limits limits,
        Atomicity atomicity,
        Idempotency idempotency,
        Map<String, String> details) {
    /** Copies. */
    public BackendInfo {
        Check.text("info.product", product, 1, 128);
        Check.text("info.version", version, 0, 128);
        capabilities = copy(capabilities);
        Check.notNull("info.limits", limits);
        Check.notNull("info.atomicity", atomicity);
        Check.notNull("info.idempotency", idempotency);
        details = Collections.unmodifiableMap(new TreeMap<>(Check.notNull("info.details", details)));
    }

    private static Set<Capability> copy(Collection<Capability> capabilities) {
        Set<Capability> copy = EnumSet.noneOf(Capability.class);
        copy.addAll(Check.notNull("info.capabilities", capabilities));
        return Collections.unmodifiableSet(copy);
    }

    /** Returns whether a capability is offered. */
    public boolean offers(Capability capability) {
        return capabilities.contains(capability);
    }

    /** Throws {@link UnsupportedCapabilityException} unless a capability is offered. */
    public void require(Capability capability) {
        if (!offers(capability)) {
            throw new UnsupportedCapabilityException(capability.name(), product);
        }
    }
}
