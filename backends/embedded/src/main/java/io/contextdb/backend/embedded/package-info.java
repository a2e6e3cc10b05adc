/** The embedded backend: records in SQLite, vectors and texts indexed by Lucene, all in one directory. */
@NullMarked
package io.contextdb.backend.embedded;

import org.jspecify.annotations.NullMarked;
