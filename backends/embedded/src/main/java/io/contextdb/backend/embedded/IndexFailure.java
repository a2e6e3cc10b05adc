package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.search.FuzzyTermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.ThreadInterruptedException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of Lucene says about the index. This is the only place where an exception is taken for damage: a healthy
 * index that is made anew costs minutes, a damaged one that is kept costs answers.
 */
enum IndexFailure {
    /** The question was too much for the engine; the index is as good as before. */
    REFUSED,
    /** Closed, interrupted, or out of room, rights, files or memory; what the files hold is as good as before. */
    PASSING,
    /** May be a mistake of ours, or what reading damaged bytes leads to. The checksums of the files decide. */
    UNCLEAR,
    /** The files are not what was written. */
    DAMAGE;

    /** How systems say, in an exception of no type of its own, that there is no more of something. */
    private static final List<String> SHORTAGES = List.of(
            "no space left",
            "not enough space",
            "disk quota",
            "quota exceeded",
            "too many open files",
            "read-only file system",
            "map failed",
            "cannot allocate memory");

    private static final int DEEPEST_CAUSE = 32;

    static IndexFailure of(Throwable failure) {
        IndexFailure worst = UNCLEAR;
        boolean known = false;
        Throwable each = failure;
        for (int i = 0; each != null && i < DEEPEST_CAUSE; i++) {
            IndexFailure kind = one(each);
            if (kind == DAMAGE) {
                return DAMAGE;
            }
            if (kind != null && (!known || kind == PASSING)) {
                worst = kind;
                known = true;
            }
            each = each.getCause();
        }
        return worst;
    }

    private static @Nullable IndexFailure one(Throwable failure) {
        if (failure instanceof IOException shortage && isShortage(shortage)) {
            return PASSING;
        }
        return switch (failure) {
            case CorruptIndexException damaged -> DAMAGE;
            case IndexFormatTooOldException unreadable -> DAMAGE;
            case IndexFormatTooNewException unreadable -> DAMAGE;
            case IndexNotFoundException gone -> DAMAGE;
            case EOFException cut -> DAMAGE;
            case NoSuchFileException gone -> DAMAGE;
            case FileNotFoundException gone -> DAMAGE;
            case AlreadyClosedException closed -> PASSING;
            case ThreadInterruptedException interrupted -> PASSING;
            case InterruptedIOException interrupted -> PASSING;
            case ClosedChannelException interrupted -> PASSING;
            case AccessDeniedException refused -> PASSING;
            case ReadOnlyFileSystemException refused -> PASSING;
            case LockObtainFailedException held -> PASSING;
            case OutOfMemoryError full -> PASSING;
            case ContextException records -> PASSING;
            case IndexSearcher.TooManyClauses limit -> REFUSED;
            case FuzzyTermsEnum.FuzzyTermsException limit -> REFUSED;
            default -> null;
        };
    }

    private static boolean isShortage(IOException failure) {
        String reason = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        String said = String.valueOf(reason).toLowerCase(Locale.ROOT);
        return SHORTAGES.stream().anyMatch(said::contains);
    }
}
