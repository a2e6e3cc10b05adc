/** Keys, limiters, caches (contract K). */
@NullMarked
package io.contextdb.tck.key;

import org.jspecify.annotations.NullMarked;
