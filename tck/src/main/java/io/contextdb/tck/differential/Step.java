package io.contextdb.tck.differential;

/**
 * A step of a script.
 *
 * @param namespace in which of the script's namespaces, from 0
 * @param action what it does
 */
record Step(int namespace, Action action) {}
