/**
 * The one hierarchy of errors: {@link io.contextdb.spi.error.ContextException}, split as JDBC does into transient and
 * non-transient, with a stable {@link io.contextdb.spi.error.ErrorCode} each.
 */
@NullMarked
package io.contextdb.spi.error;

import org.jspecify.annotations.NullMarked;
