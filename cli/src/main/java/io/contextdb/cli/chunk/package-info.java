/** Takes texts apart along their structure: formats into blocks, blocks into headings and chunks. */
@NullMarked
package io.contextdb.cli.chunk;

import org.jspecify.annotations.NullMarked;
