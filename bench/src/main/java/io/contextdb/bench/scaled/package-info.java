/** Redis and Qdrant by way of the driver against their raw clients, and the three stores as one against PostgreSQL alone. */
@NullMarked
package io.contextdb.bench.scaled;

import org.jspecify.annotations.NullMarked;
