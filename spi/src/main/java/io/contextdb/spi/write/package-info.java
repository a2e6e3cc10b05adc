/** The one way to write: a {@link io.contextdb.spi.write.WriteBatch} of mutations, all or nothing (contract G5). */
@NullMarked
package io.contextdb.spi.write;

import org.jspecify.annotations.NullMarked;
