/** The graph (contract N). */
@NullMarked
package io.contextdb.tck.graph;

import org.jspecify.annotations.NullMarked;
