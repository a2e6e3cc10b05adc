package io.contextdb.cli.ingest;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * What one look at a file's content says, so that it can then be read as text without surprise. A file whose name ends in
 * {@code .gz} is looked at unpacked.
 *
 * @param path the file
 * @param content where its content is: the file itself, or a copy of what can be read once only
 * @param kind whether it is text that can be ingested
 * @param bytes length of the content, as far as it was read
 * @param hash SHA-256 of the content, in hexadecimal
 * @param charset UTF-8 where the content is valid UTF-8, else ISO 8859-1; UTF-16 where it begins with its mark
 */
record SourceFile(Path path, Path content, Kind kind, long bytes, String hash, Charset charset) {
    private static final int BUFFER = 1 << 16;

    /** Whether a file can be ingested. */
    enum Kind {
        /** Text. */
        TEXT,
        /** Not text: it has NUL bytes. */
        BINARY,
        /** Longer than the limit. */
        TOO_LARGE,
        /** Nothing in it. */
        EMPTY
    }

    /**
     * Looks at a file, and no further than the limit.
     *
     * @param path what the file is called
     * @param content where its content is
     */
    static SourceFile inspect(Path path, Path content, long maxBytes) throws IOException {
        MessageDigest digest = sha256();
        Utf8Check utf8 = new Utf8Check();
        byte[] buffer = new byte[BUFFER];
        byte[] start = new byte[0];
        long bytes = 0;
        try (InputStream in = open(path, content)) {
            int read;
            while ((read = in.readNBytes(buffer, 0, BUFFER)) > 0) {
                if (bytes == 0) {
                    start = Arrays.copyOf(buffer, Math.min(2, read));
                }
                bytes += read;
                if (bytes > maxBytes) {
                    return new SourceFile(path, content, Kind.TOO_LARGE, bytes, "", StandardCharsets.UTF_8);
                }
                if (!isUtf16(start) && hasNul(buffer, read)) {
                    return new SourceFile(path, content, Kind.BINARY, bytes, "", StandardCharsets.UTF_8);
                }
                digest.update(buffer, 0, read);
                utf8.add(buffer, read);
            }
        }
        Charset charset = utf8.valid() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return new SourceFile(
                path,
                content,
                bytes == 0 ? Kind.EMPTY : Kind.TEXT,
                bytes,
                HexFormat.of().formatHex(digest.digest()),
                isUtf16(start) ? StandardCharsets.UTF_16 : charset);
    }

    /** Opens the content as text, without a byte order mark. */
    BufferedReader reader() throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(open(path, content), charset), BUFFER);
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private static InputStream open(Path path, Path content) throws IOException {
        InputStream file = new BufferedInputStream(Files.newInputStream(content), BUFFER);
        if (!path.getFileName().toString().endsWith(".gz")) {
            return file;
        }
        try {
            return new GZIPInputStream(file, BUFFER);
        } catch (IOException notPacked) {
            file.close();
            throw notPacked;
        }
    }

    private static boolean isUtf16(byte[] start) {
        return start.length == 2
                && ((start[0] == (byte) 0xFE && start[1] == (byte) 0xFF)
                        || (start[0] == (byte) 0xFF && start[1] == (byte) 0xFE));
    }

    private static boolean hasNul(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    /** Whether bytes that come in pieces are UTF-8 as a whole; a character may be cut between two of them. */
    private static final class Utf8Check {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        private final CharBuffer decoded = CharBuffer.allocate(BUFFER);
        private final ByteBuffer pending = ByteBuffer.allocate(BUFFER + 4);
        private boolean valid = true;

        void add(byte[] bytes, int length) {
            if (valid) {
                pending.put(bytes, 0, length).flip();
                valid = !fails(false);
                pending.compact();
            }
        }

        boolean valid() {
            pending.flip();
            return valid && !fails(true);
        }

        private boolean fails(boolean last) {
            while (true) {
                decoded.clear();
                CoderResult result = decoder.decode(pending, decoded, last);
                if (result.isError()) {
                    return true;
                }
                if (result.isUnderflow()) {
                    return false;
                }
            }
        }
    }
}
