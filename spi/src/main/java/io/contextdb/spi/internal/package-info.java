/** Argument checks of the model types; exported to the driver only. */
@NullMarked
package io.contextdb.spi.internal;

import org.jspecify.annotations.NullMarked;
