/** The {@code contextdb} command. */
@NullMarked
package io.contextdb.cli;

import org.jspecify.annotations.NullMarked;
