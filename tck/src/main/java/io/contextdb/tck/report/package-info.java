/** What a run of the kit found out, as Markdown, JSON, JUnit's XML and a badge. */
@NullMarked
package io.contextdb.tck.report;

import org.jspecify.annotations.NullMarked;
