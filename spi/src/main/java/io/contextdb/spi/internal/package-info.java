/** Argument checks of the model types; not exported. */
@NullMarked
package io.contextdb.spi.internal;

import org.jspecify.annotations.NullMarked;
