/**
 * Several stores behind one URL. One decides: a batch counts once it is committed there. The others follow its journal
 * ({@link io.contextdb.internal.scaled.Relay}), or are home to models of their own and take part in its commits
 * ({@link io.contextdb.internal.scaled.CrossWrites}). Not exported.
 */
@NullMarked
package io.contextdb.internal.scaled;

import org.jspecify.annotations.NullMarked;
