/** Other libraries for the same purpose: the same data, the same questions, at the same recall. */
@NullMarked
package io.contextdb.bench.peers;

import org.jspecify.annotations.NullMarked;
