/** Memory (contract M). */
@NullMarked
package io.contextdb.tck.memory;

import org.jspecify.annotations.NullMarked;
