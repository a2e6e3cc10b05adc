/** The filter language: one truth table for every model and every backend (contract V6). */
@NullMarked
package io.contextdb.spi.filter;

import org.jspecify.annotations.NullMarked;
