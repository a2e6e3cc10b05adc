/** What the command prints: text, tables, progress, JSON. */
@NullMarked
package io.contextdb.cli.output;

import org.jspecify.annotations.NullMarked;
