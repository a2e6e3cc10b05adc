/** The path of a call: checks, deadline, retry, errors with their place, session token; not exported. */
@NullMarked
package io.contextdb.internal.call;

import org.jspecify.annotations.NullMarked;
