package io.contextdb.backend.embedded;

final class DocumentIndex {
    static void upgrade(Database d) {}
}
