/**
 * The service-provider interface of contextdb: what a store implements to be used through a {@code contextdb:} URL. Start
 * at {@link io.contextdb.spi.BackendProvider}.
 */
@NullMarked
package io.contextdb.spi;

import org.jspecify.annotations.NullMarked;
