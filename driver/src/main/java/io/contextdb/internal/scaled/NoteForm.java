package io.contextdb.internal.scaled;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Mutation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The note of a batch that concerns several stores: what is for each home, by its name, so that whoever finds the batch
 * committed can finish it; or of the drop of a namespace. Begins with the number of the form, so that later drivers read what earlier ones wrote.
 */
final class NoteForm {
    private static final int FORM = 1;
    private static final int DROP = 2;

    /** What is noted of the drop of a namespace, in which every home takes part. */
    static final Bytes DROPPED = Bytes.of(new byte[] {DROP});

    private NoteForm() {}

    static Bytes write(Map<String, List<Mutation>> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            out.writeInt(parts.size());
            for (Map.Entry<String, List<Mutation>> part : parts.entrySet()) {
                out.writeUTF(part.getKey());
                out.writeInt(part.getValue().size());
                for (Mutation mutation : part.getValue()) {
                    MutationForm.write(mutation, out);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array in memory takes every byte", impossible);
        }
        return Bytes.of(bytes.toByteArray());
    }

    /** Returns whether a note is of the drop of a namespace. */
    static boolean isDrop(Bytes note) {
        return note.equals(DROPPED);
    }

    static Map<String, List<Mutation>> read(Bytes note) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(note.toArray()))) {
            int form = in.readUnsignedByte();
            if (form != FORM) {
                throw new CorruptDataException(
                        "a note of form " + form + " was written by a newer driver; use that version everywhere", null);
            }
            Map<String, List<Mutation>> parts = new LinkedHashMap<>();
            for (int count = in.readInt(); count > 0; count--) {
                String home = in.readUTF();
                List<Mutation> mutations = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    mutations.add(MutationForm.read(in));
                }
                parts.put(home, mutations);
            }
            return parts;
        } catch (IOException damaged) {
            throw new CorruptDataException("a note in the journal cannot be read", damaged);
        }
    }
}
