/** The PostgreSQL backend: all five models in one database, vectors by pgvector. */
@NullMarked
package io.contextdb.backend.postgresql;

import org.jspecify.annotations.NullMarked;
