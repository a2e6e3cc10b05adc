/** What each call costs as a store grows, and what everything weighs. */
@NullMarked
package io.contextdb.bench.growth;

import org.jspecify.annotations.NullMarked;
