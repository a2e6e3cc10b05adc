/** Keys, limiters and events in a Redis: one script call for each batch, by the clock of the server. */
@NullMarked
package io.contextdb.backend.redis;

import org.jspecify.annotations.NullMarked;
