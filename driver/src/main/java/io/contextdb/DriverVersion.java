package io.contextdb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this driver, from a resource that the build writes: a manifest is not read on the module path or in an image of jlink. */
final class DriverVersion {
    /** The version. */
    static final String VALUE = read();

    private DriverVersion() {}

    private static String read() {
        try (InputStream in = DriverVersion.class.getResourceAsStream("version.properties")) {
            Properties lines = new Properties();
            lines.load(in);
            return lines.getProperty("version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
