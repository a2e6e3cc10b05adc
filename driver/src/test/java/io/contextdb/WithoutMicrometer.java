package io.contextdb;

/** Opens a connection and reads, on a class path that a test has taken Micrometer from. */
final class WithoutMicrometer {
    private WithoutMicrometer() {}

    public static void main(String[] arguments) {
        try {
            Class.forName("io.micrometer.observation.ObservationRegistry");
            throw new AssertionError("Micrometer is on the class path");
        } catch (ClassNotFoundException expected) {
            try (ContextDataSource source = new ScriptedBackend().source().build();
                    ContextConnection connection = source.getConnection()) {
                System.out.println("found " + connection.namespace("n").keys().get("k"));
            }
        }
    }
}
