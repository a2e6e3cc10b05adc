/** Key-value with versions, expiry, counters and rate limits (contract K). */
@NullMarked
package io.contextdb.spi.key;

import org.jspecify.annotations.NullMarked;
