package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The namespaces of all stores together: one is listed where any of them has it. */
record ScaledNamespaces(Stores stores, Tokens tokens, CrossDrops crossDrops) implements NamespaceAdmin {
    private List<Backend> owners() {
        List<Backend> owners = new ArrayList<>(List.of(stores.source()));
        stores.homes().forEach(home -> owners.add(home.backend()));
        return owners;
    }

    /** A cursor is the last name, and for each store the cursor of the page that is not used up, on a line each. */
    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        List<Backend> owners = owners();
        List<String> at = page.cursor().isEmpty()
                ? Collections.nCopies(owners.size() + 1, "")
                : List.of(page.cursor().split("\n", -1));
        if (at.size() != owners.size() + 1) {
            throw new InvalidRequestException("page.cursor", "is not of this list");
        }
        List<Page<NamespaceName>> read = new ArrayList<>();
        for (int i = 0; i < owners.size(); i++) {
            read.add(owners.get(i).namespaces().list(page.after(at.get(i + 1)), deadline));
        }
        // Beyond the end of a page that another follows, a store may have names that are not read yet.
        Optional<String> readUpTo =
                read.stream().filter(Page::hasNext).map(ScaledNamespaces::last).min(String::compareTo);
        TreeSet<String> names = new TreeSet<>();
        read.forEach(some -> some.items().forEach(name -> names.add(name.value())));
        names.remove(SystemKeys.NAMESPACE.value());
        names.removeIf(name -> name.compareTo(at.get(0)) <= 0);
        readUpTo.ifPresent(end -> names.removeIf(name -> name.compareTo(end) > 0));
        List<String> items = names.stream().limit(page.limit()).toList();
        if (readUpTo.isEmpty() && items.size() == names.size()) {
            return Page.last(items.stream().map(NamespaceName::of).toList());
        }
        String end = items.size() < names.size() ? items.get(items.size() - 1) : readUpTo.orElseThrow();
        List<String> cursor = new ArrayList<>(List.of(end));
        for (int i = 0; i < owners.size(); i++) {
            boolean usedUp = read.get(i).hasNext() && last(read.get(i)).compareTo(end) <= 0;
            cursor.add(usedUp ? read.get(i).next() : at.get(i + 1));
        }
        return new Page<>(items.stream().map(NamespaceName::of).toList(), String.join("\n", cursor));
    }

    private static String last(Page<NamespaceName> page) {
        return page.items().get(page.items().size() - 1).value();
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        NamespaceStatistics all = stores.source().namespaces().statistics(scope);
        for (Home home : stores.homes()) {
            NamespaceStatistics one = home.backend().namespaces().statistics(tokens.forHome(scope));
            all = new NamespaceStatistics(
                    all.nodes(),
                    all.nodeVersions(),
                    all.edges(),
                    all.sources(),
                    all.points(),
                    all.keys() + one.keys(),
                    all.events() + one.events(),
                    all.documents());
        }
        return all;
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        if (drop.namespace().equals(SystemKeys.NAMESPACE)) {
            throw new InvalidRequestException("namespace", SystemKeys.NAMESPACE + " is the driver's own");
        }
        return tokens.saw(
                stores.homes().isEmpty()
                        ? stores.source().namespaces().drop(drop, deadline)
                        : crossDrops.drop(drop, deadline));
    }
}
