/**
 * The driver: one {@code contextdb:} URL, one connection, one contract, any store behind it. Start at
 * {@link io.contextdb.ContextDriverManager} or {@link io.contextdb.ContextDataSource}.
 */
@NullMarked
package io.contextdb;

import org.jspecify.annotations.NullMarked;
