package io.contextdb.scaled;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A command to a Redis itself, past the driver. */
final class RedisCommand {
    private RedisCommand() {}

    /** Sends a command that is answered by OK. */
    static void send(String url, String... words) {
        URI uri = URI.create(url);
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append("$" + word.length() + "\r\n" + word + "\r\n");
        }
        try (Socket socket = new Socket(uri.getHost(), uri.getPort());
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.US_ASCII));
            String line = answer.readLine();
            if (line == null || !line.startsWith("+OK")) {
                throw new IllegalStateException(String.join(" ", words) + ": " + line);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
