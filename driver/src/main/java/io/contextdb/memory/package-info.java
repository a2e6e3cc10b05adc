/** Memory on top of the five models: remembering, retrieving with an explanation, feedback, forgetting (contract M). */
@NullMarked
package io.contextdb.memory;

import org.jspecify.annotations.NullMarked;
