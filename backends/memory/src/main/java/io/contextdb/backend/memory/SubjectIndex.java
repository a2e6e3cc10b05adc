package io.contextdb.backend.memory;

import java.util.Comparator;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePSet;

/** Which records are about a subject, so that erasing one touches nothing else. Records about nothing are not in it. */
record SubjectIndex<K>(HashPMap<String, TreePSet<K>> bySubject, TreePSet<K> none) {
    static <K> SubjectIndex<K> empty(Comparator<? super K> order) {
        return new SubjectIndex<>(HashTreePMap.empty(), TreePSet.empty(order));
    }

    SubjectIndex<K> plus(String subject, K key) {
        return subject.isEmpty()
                ? this
                : new SubjectIndex<>(bySubject.plus(subject, about(subject).plus(key)), none);
    }

    SubjectIndex<K> minus(String subject, K key) {
        if (subject.isEmpty()) {
            return this;
        }
        TreePSet<K> left = about(subject).minus(key);
        return new SubjectIndex<>(left.isEmpty() ? bySubject.minus(subject) : bySubject.plus(subject, left), none);
    }

    TreePSet<K> about(String subject) {
        return bySubject.getOrDefault(subject, none);
    }
}
