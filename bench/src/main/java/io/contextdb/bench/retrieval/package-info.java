/** How good and how fast memories are found. */
@NullMarked
package io.contextdb.bench.retrieval;

import org.jspecify.annotations.NullMarked;
