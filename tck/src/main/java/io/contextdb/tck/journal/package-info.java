/** What lies between several stores behind one URL (contract S). */
@NullMarked
package io.contextdb.tck.journal;

import org.jspecify.annotations.NullMarked;
