package io.contextdb.backend.embedded;

import java.io.IOException;

/** What an index is made from: the records, which tell what it lacks that covers them up to a commit. */
interface IndexSource extends LuceneFiles.Owner {
    /** Takes one change. */
    interface Each {
        void take(Touched.PointChange change) throws IOException;
    }

    /** Refuses to go on if the store's files, and so the index's, are not the store's any more. */
    void check();

    boolean hasChanges(long from);

    /** Returns the life of the store that a commit belongs to, which is not older than the last one at open. */
    long life(long commit);

    void changes(long from, long to, Each each) throws IOException;
}
