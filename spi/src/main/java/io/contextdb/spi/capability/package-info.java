/** What a backend can do, as data that the driver checks and the kit proves (contract G0). */
@NullMarked
package io.contextdb.spi.capability;

import org.jspecify.annotations.NullMarked;
