/**
 * Proves {@link io.contextdb.spi.capability.Capability#CRASH_SAFE}: a process that writes is killed with SIGKILL again and
 * again, and after each kill every acknowledged batch must be there whole, and no other in part (contract G5).
 */
@NullMarked
package io.contextdb.tck.crash;

import org.jspecify.annotations.NullMarked;
