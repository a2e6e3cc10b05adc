/** The temporal knowledge graph: versioned nodes and edges on two axes of time, sources, walks (contract N). */
@NullMarked
package io.contextdb.spi.graph;

import org.jspecify.annotations.NullMarked;
