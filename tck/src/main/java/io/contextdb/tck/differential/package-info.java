/**
 * Differential tests: random scripts of batches and reads over all models, run on the backend under test and on the memory
 * backend, which must answer alike; a script that does not is cut down and printed as Java.
 */
@NullMarked
package io.contextdb.tck.differential;

import org.jspecify.annotations.NullMarked;
