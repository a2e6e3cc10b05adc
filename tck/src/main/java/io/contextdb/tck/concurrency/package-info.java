/** Many threads at once: recorded histories, checked for an order in which one thread could have done the same. */
@NullMarked
package io.contextdb.tck.concurrency;

import org.jspecify.annotations.NullMarked;
