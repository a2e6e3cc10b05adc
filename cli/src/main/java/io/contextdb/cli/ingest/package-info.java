/** Brings files into a namespace: found, read, taken apart, embedded, written; what is unchanged is left alone. */
@NullMarked
package io.contextdb.cli.ingest;

import org.jspecify.annotations.NullMarked;
