/** The embedded store against what it stands on: SQLite and Lucene by hand. */
@NullMarked
package io.contextdb.bench.embedded;

import org.jspecify.annotations.NullMarked;
