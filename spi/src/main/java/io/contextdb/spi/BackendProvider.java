package io.contextdb.spi;

import java.util.List;

/**
 * Opens backends of one URL scheme. Found by {@link java.util.ServiceLoader}: a jar names its provider in
 * {@code META-INF/services/io.contextdb.spi.BackendProvider}, a module in {@code provides … with}. Thread-safe.
 */
public interface BackendProvider {
    /** Returns the scheme that follows {@code contextdb:}, in lower case: {@code "postgresql"}. */
    String scheme();

    /** Returns one sentence about the store and the form of its URLs, for {@code contextdb help options}. */
    String description();

    /** Returns every option that its URLs take; parsing, validation and documentation are made from them. Default none. */
    default List<OptionDescriptor<?>> options() {
        return List.of();
    }

    /**
     * Opens the store. A store that cannot be reached or used is an error here; it is never replaced by another (contract
     * G14).
     *
     * @throws io.contextdb.spi.error.ContextException if it cannot be opened
     */
    Backend open(BackendConfig config);
}
