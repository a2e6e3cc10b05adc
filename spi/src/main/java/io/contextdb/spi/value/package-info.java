/** Immutable values that all models share: names, time, properties, pages, deadlines and positions. */
@NullMarked
package io.contextdb.spi.value;

import org.jspecify.annotations.NullMarked;
