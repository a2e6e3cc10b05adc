package io.contextdb.tck.report;

import java.util.List;

/**
 * How one test ended.
 *
 * @param test suite and name
 * @param statements the statements that it proves
 * @param outcome how it ended
 * @param detail why it was skipped, or how it failed; "" if it passed
 */
public record TestResult(String test, List<String> statements, Outcome outcome, String detail) {}
