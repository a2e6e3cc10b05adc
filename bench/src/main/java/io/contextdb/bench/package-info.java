/** Measurements against raw engines and peers: every figure is a ratio from interleaved rounds of one run. */
@NullMarked
package io.contextdb.bench;

import org.jspecify.annotations.NullMarked;
