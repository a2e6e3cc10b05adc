/** Documents and conversations (contract D). */
@NullMarked
package io.contextdb.tck.document;

import org.jspecify.annotations.NullMarked;
