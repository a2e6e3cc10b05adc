/** Faults of the network between the driver and a store, made by a proxy, and what must hold under them. */
@NullMarked
package io.contextdb.tck.fault;

import org.jspecify.annotations.NullMarked;
