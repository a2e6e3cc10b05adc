/** Vector spaces and the filter language (contract V). */
@NullMarked
package io.contextdb.tck.vector;

import org.jspecify.annotations.NullMarked;
