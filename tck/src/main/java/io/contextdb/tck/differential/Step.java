package io.contextdb.tck.differential;

/**
 * A step of a script.
 *
 * @param id what other steps call it by, wherever it stands
 * @param namespace in which of the script's namespaces, from 0
 * @param action what it does
 */
record Step(int id, int namespace, Action action) {}
