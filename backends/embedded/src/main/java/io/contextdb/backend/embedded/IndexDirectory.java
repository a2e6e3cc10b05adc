package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;

/** The directory of an index, whose files are the owner's alone, as those of the store are. */
final class IndexDirectory extends MMapDirectory {
    IndexDirectory(Path path) throws IOException {
        super(path);
        FileRights.createFile(path.resolve("write.lock"));
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        return closed(super.createOutput(name, context));
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
        return closed(super.createTempOutput(prefix, suffix, context));
    }

    private IndexOutput closed(IndexOutput output) throws IOException {
        // Empty yet: what is written is kept back until there is more of it.
        FileRights.close(getDirectory().resolve(output.getName()));
        return output;
    }
}
