package io.contextdb.tck.report;

/** The report in a line, to be shown in a README: as an image, and as an endpoint of shields.io. */
record BadgeForm(KitReport report) {
    private static final String LABEL = "contextdb kit";

    private boolean isGreen() {
        return report.count(Outcome.FAILED) == 0 && report.count(Outcome.PASSED) > 0;
    }

    private String message() {
        long failed = report.statements(Outcome.FAILED);
        long passed = report.statements(Outcome.PASSED);
        return isGreen() ? passed + " statements hold" : failed + " of " + (passed + failed) + " statements fail";
    }

    String endpoint() {
        return "{\"schemaVersion\": 1, \"label\": \"" + LABEL + "\", \"message\": \"" + message() + "\", \"color\": \""
                + (isGreen() ? "brightgreen" : "red") + "\"}\n";
    }

    String svg() {
        int left = 10 + 7 * LABEL.length();
        int right = 10 + 7 * message().length();
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="20" role="img" aria-label="%2$s: %3$s">
                  <rect width="%4$d" height="20" fill="#555"/>
                  <rect x="%4$d" width="%5$d" height="20" fill="%6$s"/>
                  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
                    <text x="%7$d" y="14">%2$s</text>
                    <text x="%8$d" y="14">%3$s</text>
                  </g>
                </svg>
                """.formatted(
                left + right, LABEL, message(), left, right, isGreen() ? "#2a2" : "#c33", left / 2, left + right / 2);
    }
}
