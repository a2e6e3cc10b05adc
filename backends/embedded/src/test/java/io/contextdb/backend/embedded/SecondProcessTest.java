package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.error.AccessDeniedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecondProcessTest {
    @TempDir
    Path directory;

    /** What the second process does. */
    public static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            try (Opened opened = Opened.in(Path.of(arguments[0]))) {
                System.out.println("opened " + opened.backend().info().product());
            } catch (AccessDeniedException refused) {
                System.out.println("refused " + refused.getMessage());
            }
        }
    }

    @Test
    void isRefusedWhileTheFirstIsOpen() throws Exception {
        try (Opened opened = Opened.in(directory)) {
            assertThat(opened.backend().info().product()).isNotEmpty();
            assertThat(secondProcess())
                    .contains("refused")
                    .contains(directory.toRealPath().toString())
                    .contains("process " + ProcessHandle.current().pid());
        }
        assertThat(secondProcess()).contains("opened");
    }

    private String secondProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
