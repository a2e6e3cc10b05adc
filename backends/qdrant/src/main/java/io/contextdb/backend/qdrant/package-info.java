/**
 * Vector spaces in a Qdrant: few collections, shared by spaces of one length and metric, each point with a key of its space. Filters
 * are judged in the server by a weaker form, and exactly here.
 */
@NullMarked
package io.contextdb.backend.qdrant;

import org.jspecify.annotations.NullMarked;
