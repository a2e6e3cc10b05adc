/** Texts that are hard to keep: in every place of the facade where a text enters, refused by the rule or kept exactly. */
@NullMarked
package io.contextdb.tck.text;

import org.jspecify.annotations.NullMarked;
