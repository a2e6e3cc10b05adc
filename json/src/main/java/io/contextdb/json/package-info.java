/** Exact JSON: {@link io.contextdb.json.PropertyJson}. */
@NullMarked
package io.contextdb.json;

import org.jspecify.annotations.NullMarked;
