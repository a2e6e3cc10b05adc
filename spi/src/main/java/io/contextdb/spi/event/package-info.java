/** An append-only log per namespace: positions in commit order, consumer groups, aggregates (contract E). */
@NullMarked
package io.contextdb.spi.event;

import org.jspecify.annotations.NullMarked;
