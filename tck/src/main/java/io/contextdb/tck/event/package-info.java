/** Events, subscriptions, consumer groups (contract E). */
@NullMarked
package io.contextdb.tck.event;

import org.jspecify.annotations.NullMarked;
