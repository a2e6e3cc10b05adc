package io.contextdb.tck.concurrency;

import io.contextdb.Namespace;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import java.util.Optional;
import java.util.UUID;

/** One entity with a value and a version, whatever its model. */
interface Register {
    /** What was read. */
    record Held(long version, String value) {}

    /** Returns the change that writes a value under a condition. */
    Mutation write(String value, Condition condition);

    /** Returns the change that removes it under a condition; empty where entities are never removed. */
    Optional<Mutation> delete(Condition condition);

    /** Reads it. */
    Optional<Held> read();

    /** Returns whether its versions count 1, 2, 3, …; else they only rise (G8). */
    boolean countsVersions();

    /** Returns a key. */
    static Register key(Namespace namespace) {
        return new Register() {
            @Override
            public Mutation write(String value, Condition condition) {
                return KeyMutation.PutKey.of("register", Bytes.utf8(value)).onlyIf(condition);
            }

            @Override
            public Optional<Mutation> delete(Condition condition) {
                return Optional.of(new KeyMutation.DeleteKey("register", condition));
            }

            @Override
            public Optional<Held> read() {
                Optional<KeyEntry> entry = namespace.keys().get("register");
                return entry.map(it -> new Held(it.version(), it.value().utf8()));
            }

            @Override
            public boolean countsVersions() {
                return false;
            }
        };
    }

    /** Returns a document. */
    static Register document(Namespace namespace) {
        return new Register() {
            @Override
            public Mutation write(String value, Condition condition) {
                return new DocumentMutation.PutDocument("c", "register", PropertyMap.of("value", value), "", condition);
            }

            @Override
            public Optional<Mutation> delete(Condition condition) {
                return Optional.of(new DocumentMutation.DeleteDocument("c", "register", condition));
            }

            @Override
            public Optional<Held> read() {
                Optional<Document> document = namespace.documents("c").get("register");
                return document.map(
                        it -> new Held(it.version(), it.body().string("value").orElseThrow()));
            }

            @Override
            public boolean countsVersions() {
                return false;
            }
        };
    }

    /** Returns a node. */
    static Register node(Namespace namespace) {
        UUID id = UuidV7.next();
        return new Register() {
            @Override
            public Mutation write(String value, Condition condition) {
                NodeContent content =
                        NodeContent.builder().property("value", value).build();
                return new GraphMutation.PutNode(
                        NodeDraft.of(id, content), condition, GraphMutation.Fingerprints.SHARED);
            }

            @Override
            public Optional<Mutation> delete(Condition condition) {
                return Optional.empty();
            }

            @Override
            public Optional<Held> read() {
                Optional<Node> node = namespace.graph().get(id);
                return node.map(it ->
                        new Held(it.version(), it.properties().string("value").orElseThrow()));
            }

            @Override
            public boolean countsVersions() {
                return true;
            }
        };
    }
}
