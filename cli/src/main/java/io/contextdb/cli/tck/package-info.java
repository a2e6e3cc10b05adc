/** The compatibility kit from the command line. Nothing else of the command needs the kit's classes. */
@NullMarked
package io.contextdb.cli.tck;

import org.jspecify.annotations.NullMarked;
