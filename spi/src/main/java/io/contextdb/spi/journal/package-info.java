/**
 * Several stores behind one URL: one of them decides and keeps a journal, the others follow it (contract S). What sits between
 * the stores is the driver's; a store offers a few calls and knows nothing of the others.
 */
@NullMarked
package io.contextdb.spi.journal;

import org.jspecify.annotations.NullMarked;
