package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.NamespaceName;

/**
 * A key, as a rule of another namespace, that keeps a batch from being applied while it is there.
 *
 * @param namespace the key's namespace
 * @param key its name
 */
public record Veto(NamespaceName namespace, String key) {
    /** Checks the parts. */
    public Veto {
        Check.notNull("veto.namespace", namespace);
        TextRule.KEY.check("veto.key", key);
    }
}
