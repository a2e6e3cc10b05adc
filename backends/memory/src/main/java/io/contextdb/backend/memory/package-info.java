/**
 * The memory backend. A namespace is one immutable snapshot of persistent maps; readers take it without locks, and the one
 * writer of the namespace builds the next and publishes it, or throws it away (contract G5).
 */
@NullMarked
package io.contextdb.backend.memory;

import org.jspecify.annotations.NullMarked;
