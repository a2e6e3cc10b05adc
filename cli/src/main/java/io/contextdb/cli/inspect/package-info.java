/** Looks at what a namespace holds and how the store is. */
@NullMarked
package io.contextdb.cli.inspect;

import org.jspecify.annotations.NullMarked;
