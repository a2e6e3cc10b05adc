/** JSON documents in collections: filters, total sorts, merge patches, versions (contract D). */
@NullMarked
package io.contextdb.spi.document;

import org.jspecify.annotations.NullMarked;
