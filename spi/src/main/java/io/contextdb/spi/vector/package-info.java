/** Vector spaces: points with a vector, a text and a filterable payload; nearest-neighbour and text search (contract V). */
@NullMarked
package io.contextdb.spi.vector;

import org.jspecify.annotations.NullMarked;
