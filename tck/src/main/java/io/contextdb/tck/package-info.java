/**
 * The technology compatibility kit: extend {@link io.contextdb.tck.ContextDbKit}, return a URL, and run it with JUnit.
 */
@NullMarked
package io.contextdb.tck;

import org.jspecify.annotations.NullMarked;
