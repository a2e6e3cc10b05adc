/** The PostgreSQL backend against hand-written statements on the same tables. */
@org.jspecify.annotations.NullMarked
package io.contextdb.bench.postgresql;
