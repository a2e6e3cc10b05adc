/** Questions to the memory. */
@NullMarked
package io.contextdb.cli.ask;

import org.jspecify.annotations.NullMarked;
