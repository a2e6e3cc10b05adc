/** The filter language of {@code --where}. */
@NullMarked
package io.contextdb.cli.filter;

import org.jspecify.annotations.NullMarked;
