package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.error.ContextUnavailableException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.ThreadInterruptedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken for damage, and what is not. */
class IndexFailureTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new CorruptIndexException("wrong checksum", "file"), IndexFailure.DAMAGE),
                Arguments.of(new IndexFormatTooOldException("file", "old"), IndexFailure.DAMAGE),
                Arguments.of(new IndexFormatTooNewException("file", 9, 1, 2), IndexFailure.DAMAGE),
                Arguments.of(new IndexNotFoundException("no segments"), IndexFailure.DAMAGE),
                Arguments.of(new EOFException("past the end"), IndexFailure.DAMAGE),
                Arguments.of(new NoSuchFileException("_0.cfs"), IndexFailure.DAMAGE),
                Arguments.of(new FileNotFoundException("_0.cfs"), IndexFailure.DAMAGE),
                Arguments.of(
                        new AlreadyClosedException("this writer is closed", new CorruptIndexException("x", "file")),
                        IndexFailure.DAMAGE),
                Arguments.of(new UncheckedIOException(new CorruptIndexException("wrong", "file")), IndexFailure.DAMAGE),
                Arguments.of(new IndexSearcher.TooManyClauses(), IndexFailure.REFUSED),
                Arguments.of(new AlreadyClosedException("closed"), IndexFailure.PASSING),
                Arguments.of(
                        new AlreadyClosedException("this writer is closed", new IOException("No space left on device")),
                        IndexFailure.PASSING),
                Arguments.of(new ThreadInterruptedException(new InterruptedException()), IndexFailure.PASSING),
                Arguments.of(new ClosedByInterruptException(), IndexFailure.PASSING),
                Arguments.of(new AccessDeniedException("index"), IndexFailure.PASSING),
                Arguments.of(new ReadOnlyFileSystemException(), IndexFailure.PASSING),
                Arguments.of(new FileSystemException("f", null, "Too many open files"), IndexFailure.PASSING),
                Arguments.of(new FileNotFoundException("f (Too many open files)"), IndexFailure.PASSING),
                Arguments.of(new IOException("Disk quota exceeded"), IndexFailure.PASSING),
                Arguments.of(new IOException("Map failed", new OutOfMemoryError()), IndexFailure.PASSING),
                Arguments.of(new LockObtainFailedException("held"), IndexFailure.PASSING),
                Arguments.of(new OutOfMemoryError(), IndexFailure.PASSING),
                Arguments.of(
                        new IOException("the records cannot be read", new ContextUnavailableException("busy")),
                        IndexFailure.PASSING),
                Arguments.of(new IllegalArgumentException("k"), IndexFailure.UNCLEAR),
                Arguments.of(new ClassCastException(), IndexFailure.UNCLEAR),
                Arguments.of(new ArrayIndexOutOfBoundsException(7), IndexFailure.UNCLEAR),
                Arguments.of(new InternalError("a fault occurred in an unsafe memory access"), IndexFailure.UNCLEAR),
                Arguments.of(new IOException("Input/output error"), IndexFailure.UNCLEAR));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isJudgedByItsKind(Throwable failure, IndexFailure kind) {
        assertThat(IndexFailure.of(failure)).isEqualTo(kind);
    }
}
