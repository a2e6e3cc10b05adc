/** What stores promise that follow another, or are followed (contract S); called on the backend, below the driver. */
@NullMarked
package io.contextdb.tck.journal;

import org.jspecify.annotations.NullMarked;
