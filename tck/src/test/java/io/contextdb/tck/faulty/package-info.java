/**
 * The proof that the kit can see: a healthy backend, broken in one place at a time, which the kit must notice. A
 * {@link io.contextdb.tck.faulty.Defect} is a mistake that real backends make; the catalogues list them by model.
 */
@NullMarked
package io.contextdb.tck.faulty;

import org.jspecify.annotations.NullMarked;
