/** Embedders turn text into vectors; optional jars implement them. */
@NullMarked
package io.contextdb.spi.embedding;

import org.jspecify.annotations.NullMarked;
