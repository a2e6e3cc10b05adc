/** Statements about every model: namespaces, values, batches, versions, orders, limits, closing (contract G). */
@NullMarked
package io.contextdb.tck.general;

import org.jspecify.annotations.NullMarked;
